# The answer to a payment, an authorisation or a refund: the transaction. It has started at most: what became of it is asked with status,
# so that a word of an end is never booked here. The "reference" of an error is the error's and no transaction.
def word: if type == "string" and . != "" then . else null end;
def utc: . as $raw | try ($raw | epoch_ms_to_utc) catch null;
def cents:
  . as $raw
  | if type == "number" then (try ($raw | number_to_minor) catch null)
    elif type == "string" then (try ($raw | minor) catch null)
    else null end;
def https: if type == "string" and startswith("https://") then . else null end;

.answer.json as $a
| if ($a | type) != "object" or ($a.reference | word) == null or ($a.status | word) == null
     or $a.failureCode != null or ($a.type | word) == "process_error" then
    {state: "UNREADABLE", providerTransactionId: null, word: null}
  elif ($a.amount != null and ($a.amount | cents) == null) then
    {state: "UNREADABLE", providerTransactionId: $a.reference, word: $a.status}
  else
    {
      state: (if $a.status == "pending" then "STARTED" else "OPEN" end),
      ending: null,
      code: null,
      word: $a.status,
      providerTransactionId: $a.reference,
      amount: ($a.amount | cents),
      receiptTotal: null,
      currency: ($a.currency | word | if . == null then null else ascii_upcase end),
      terminal: (if ($a.details | type) == "object" then ($a.details.terminalId | word) else null end),
      # That of a refund may be the payment's: a refund is known by its own reference.
      ownReference: (if .job.original == null then ($a.merchantOrderReference | word) else null end),
      test: null,
      paymentUrl: ($a.payUrl | https),
      card: null,
      receipts: null,
      createdAt: ($a.created | utc),
      createdAtRaw: (if $a.created == null then null else ($a.created | tostring) end),
      providerCode: null,
      providerMessage: null
    }
  end
