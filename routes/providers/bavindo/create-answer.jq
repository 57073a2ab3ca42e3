# The answer to POS Payment Create, of which only payment_id is relied upon (B). The payment has begun at most: what became of it is
# asked with status, so that a "success" or "failure" here is never booked.
def word: if type == "string" and . != "" then . else null end;
def object: if type == "object" then . else {} end;

.answer.json as $a
| if ($a | type) != "object" or ($a.payment_id | word) == null then
    {state: "UNREADABLE", providerTransactionId: null, word: null}
  else
    {
      state: (if $a.event == "inprogress" or $a.status == "inprogress" then "STARTED" else "OPEN" end),
      ending: null,
      code: null,
      word: (($a.event | word) // ($a.status | word)),
      providerTransactionId: $a.payment_id,
      ownReference: ($a.metadata | object | .pinbridge_payment | word),
      test: {"test": true, "live": false}[$a.environment | word // ""]
    }
  end
