# The answer to instore/transactions/create to a reading. The transaction has started at most: what became of
# it is asked with status, so that a "success" or "failed" here is never booked.
def id: if type == "string" and . != "" then . elif integer != null then tostring else null end;
def word: if type == "string" then . else null end;
def utc: . as $raw | try ($raw | local_to_utc("Europe/Amsterdam")) catch null;

.answer.json as $a
| if ($a | type) != "object" then
    {state: "UNREADABLE", providerTransactionId: null, word: null}
  else
    ($a.transactionId | id) as $id
    | ($a.status | word) as $word
    | if $id == null or ($a.amount != null and ($a.amount | integer) == null) then
        {state: "UNREADABLE", providerTransactionId: $id, word: $word}
      else
        {
          state: (if $word == "started" or $word == "pending" then "STARTED" else "OPEN" end),
          ending: null,
          code: null,
          word: $word,
          providerTransactionId: $id,
          amount: $a.amount,
          receiptTotal: null,
          currency: null,
          terminal: ($a.terminal | id),
          ownReference: ($a.ownReference | word),
          test: null,
          paymentUrl: (if ($a.paymentUrl | type) == "string" and ($a.paymentUrl | startswith("https://"))
                       then $a.paymentUrl else null end),
          card: null,
          receipts: null,
          createdAt: ($a.createdAt | utc),
          createdAtRaw: ($a.createdAt | word),
          providerCode: ($a.incidentCode | id),
          providerMessage: ($a.errorMsg | word)
        }
      end
  end
