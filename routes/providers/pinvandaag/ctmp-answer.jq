# The answer to instore/terminal/ctmp. DONE says that the request went to the terminal. No failure is documented, so that whatever is
# not "success" proves nothing.
def word: if type == "string" then . else null end;

.answer.json as $a
| if ($a | type) != "object" then
    {state: "UNREADABLE", word: null, providerMessage: null}
  else
    {
      state: (if $a.status == "success" then "DONE" else "UNREADABLE" end),
      word: ($a.status | word),
      providerMessage: ($a.message | word)
    }
  end
