# The answer to instore/transactions/mail. The message may repeat the recipient's address, as in V1: neither it nor a
# word that holds one is handed on.
# No failure is known but an HTTP status of 400 and above, so that whatever is not listed here proves nothing.
def word: if type == "string" and (contains("@") | not) then . else null end;

.answer as $answer
| .answer.json as $a
| if $answer.status == 204 then
    {state: "DONE", word: null, providerMessage: null}
  elif ($a | type) != "object" then
    {state: "UNREADABLE", word: null, providerMessage: null}
  else
    {
      state: (if $a.status == "success" then "DONE" else "UNREADABLE" end),
      word: ($a.status | word),
      providerMessage: null
    }
  end
