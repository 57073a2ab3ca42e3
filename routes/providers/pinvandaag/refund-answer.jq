# The answer to instore/transactions/refund to a reading. The refund has started at most: the card is still to be presented. What
# became of it is asked with status, so that a "success" or "failed" here is never booked.
# The documented word is started; the vendor's clients take pending and start for the same.
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
          state: (if $word == "started" or $word == "pending" or $word == "start" then "STARTED" else "OPEN" end),
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
          paymentUrl: null,
          card: null,
          receipts: null,
          createdAt: ($a.createdAt | utc),
          createdAtRaw: ($a.createdAt | word),
          providerCode: ($a.incidentCode | id),
          providerMessage: ($a.errorMsg | word)
        }
      end
  end
