# A webhook of Pin Vandaag. It is not signed: what it says is a reason to ask status, and never the answer.
# V2's body is documented in V1's form only: the vendor's receiver takes the id from transactionId, else from id. The names of V2's
# rows are taken too. V1's printed sample is no valid JSON (its ownReference lacks the quotes), so that the fields are looked for in the
# text where it cannot be parsed. A field that stands there twice with two values is not believed.
def id: if type == "string" and . != "" then . elif integer != null then tostring else null end;
def word: if type == "string" then . else null end;

def only: unique | if length == 1 then .[0] else null end;
def printed($name):
  [match("\"" + $name + "\"\\s*:\\s*(?:\"(?<quoted>[^\"\\\\]{1,100})\"|(?<bare>[A-Za-z0-9._-]{1,100}))"; "g")
   | .captures | map(select(.string != null) | .string) | .[0] | select(. != null and . != "null")]
  | only;

.webhook.text as $text
| (($text | lenient_json) // null) as $json
| (if ($json | type) == "object" then
     {
       id: (($json.transactionId // $json.transaction_id // $json.id) | id),
       word: ($json.status | word),
       reference: (($json.ownReference // $json.own_reference) | id)
     }
   else
     {
       id: ($text | printed("transactionId")),
       word: ($text | printed("status")),
       reference: ($text | printed("ownReference"))
     }
   end)
| {
    providerTransactionId: .id,
    ownReference: .reference,
    state: (if .word == "success" then "PAID"
            elif .word == "failed" then "NOT_PAID"
            elif .word == "manualintervention" then "MANUAL"
            elif .word == null then null
            else "OPEN" end),
    word: .word
  }
