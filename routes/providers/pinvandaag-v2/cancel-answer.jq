# The answer to instore/transactions/stop. DONE says that the request was taken and nothing of the payment: the card may
# have been approved already. 204 has no body.
# No failure is known but an HTTP status of 400 and above, so that whatever is not listed here proves nothing.
def word: if type == "string" then . else null end;

.answer as $answer
| .answer.json as $a
| if $answer.status == 204 then
    {state: "DONE", word: null, providerMessage: null}
  elif ($a | type) != "object" then
    {state: "UNREADABLE", word: null, providerMessage: null}
  else
    {
      state: (if $a.status == "success" or $a.status == "stopped" then "DONE" else "UNREADABLE" end),
      word: ($a.status | word),
      providerMessage: ($a.message | word)
    }
  end
