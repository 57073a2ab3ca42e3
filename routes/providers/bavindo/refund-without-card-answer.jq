# The answer to a referenced refund. DONE says that the request was taken; that the money goes back is seen by amount_refunded. How a
# failure looks is assumed, so that it proves nothing.
def word: if type == "string" and . != "" then . else null end;

(if .job.original == null then null else .job.original.providerTransactionId end) as $asked
| .answer.json as $a
| if ($a | type) != "object" then
    {state: "UNREADABLE", word: null, providerMessage: null}
  else
    {
      state: (if $a.event == "success" and $a.payment_id == $asked then "DONE" else "UNREADABLE" end),
      word: ([($a.event | word), ($a.event_condition | word)] | map(select(. != null))
             | if . == [] then null else join(" ") end),
      providerMessage: ($a.message | word)
    }
  end
