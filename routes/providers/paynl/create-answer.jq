# The answer to Order:Create, for payments and for card refunds: the order. It has started at most: what became of it is asked with
# status, so that a code of an end is never booked here.
def word: if type == "string" and . != "" then . else null end;
def utc: . as $raw | try ($raw | offset_to_utc) catch null;
def object: if type == "object" then . else {} end;
def payment: [(if (.payments | type) == "array" then .payments[] else empty end) | select(type == "object")] | last | object;

.answer.json as $a
| if ($a | type) != "object" or ($a.id | word) == null or ($a.status | type) != "object" then
    {state: "UNREADABLE", providerTransactionId: (if ($a | type) == "object" then ($a.id | word) else null end), word: null}
  else
    $a.status.code as $code
    | ($a.amount | object) as $amount
    | if $amount.value != null and ($amount.value | integer) == null then
        {state: "UNREADABLE", providerTransactionId: $a.id, word: "\($code) \($a.status.action)"}
      else
        {
          state: (if ([20, 25, 40, 50, 60, 75, 76, 90] | index($code)) != null then "STARTED" else "OPEN" end),
          ending: null,
          code: null,
          word: "\($code) \($a.status.action)",
          providerTransactionId: $a.id,
          amount: $amount.value,
          receiptTotal: null,
          currency: ($amount.currency | word),
          terminal: ($a | payment | .paymentMethod | object | .input | object | .terminalCode | word),
          ownReference: ($a.reference | word),
          test: ($a.integration | object | .test | if type == "boolean" then . else null end),
          paymentUrl: null,
          card: null,
          receipts: null,
          createdAt: ($a.createdAt | utc),
          createdAtRaw: ($a.createdAt | word),
          providerCode: null,
          providerMessage: null
        }
      end
  end
