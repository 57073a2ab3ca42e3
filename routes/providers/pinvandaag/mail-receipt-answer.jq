# The answer to instore/transactions/mailreceipt. No failure is documented, so that whatever is not "success" proves nothing.
# The documented message repeats the recipient's address: neither it nor a word that holds one is handed on.
def word: if type == "string" and (contains("@") | not) then . else null end;

.answer.json as $a
| if ($a | type) != "object" then
    {state: "UNREADABLE", word: null, providerMessage: null}
  else
    {
      state: (if $a.status == "success" then "DONE" else "UNREADABLE" end),
      word: ($a.status | word),
      providerMessage: null
    }
  end
