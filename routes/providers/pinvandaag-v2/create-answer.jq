# The answer to instore/transactions/start to a reading. The transaction has started at most. What
# became of it is asked with status, so that a "success" or "failed" here is never booked: at the top level "success" says of a call
# that it worked. Only the id is needed; what else is there, and how it is spelled, is assumed (B).
def id: if type == "string" and . != "" then . elif integer != null then tostring else null end;
def word: if type == "string" and . != "" then . else null end;
def cents:
  if integer != null then .
  elif type == "string" and test("^[0-9]{1,12}$") then tonumber
  else null end;
# Written by the Dutch clock, with an offset, or as Unix seconds (C).
def utc:
  . as $raw
  | if type == "string" then
      ((try ($raw | local_to_utc("Europe/Amsterdam")) catch null) // (try ($raw | offset_to_utc) catch null))
    elif integer != null and . > 0 and . < 100000000000 then todateiso8601
    else null end;
def raw: if integer != null then tostring else word end;

.answer.json as $a
| if ($a | type) != "object" then
    {state: "UNREADABLE", providerTransactionId: null, word: null}
  else
    (($a.transaction_id // $a.transactionId) | id) as $id
    | ($a.status | word) as $word
    | if $id == null or ($a.amount != null and ($a.amount | cents) == null) then
        {state: "UNREADABLE", providerTransactionId: $id, word: $word}
      else
        {
          state: (if $word == "started" or $word == "pending" then "STARTED" else "OPEN" end),
          ending: null,
          code: null,
          word: $word,
          providerTransactionId: $id,
          amount: ($a.amount | cents),
          receiptTotal: null,
          currency: null,
          terminal: ($a.terminal | id),
          ownReference: (($a.own_reference // $a.ownReference) | word),
          test: null,
          paymentUrl: ((($a.payment_url // $a.paymentUrl) | word) as $url
                       | if $url != null and ($url | startswith("https://")) then $url else null end),
          card: null,
          receipts: null,
          createdAt: (($a.created_at // $a.createdAt) | utc),
          createdAtRaw: (($a.created_at // $a.createdAt) | raw),
          providerCode: ($a.incident_code | id),
          providerMessage: ($a.error_msg | word)
        }
      end
  end
