# The answer to POS Payment Cancel. Adyen tells nobody whether an abort did anything: "success" may mean that it was sent. DONE says that
# Bavindo took it; what became of the payment is asked with status.
def word: if type == "string" and . != "" then . else null end;

.job.payment.providerTransactionId as $asked
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
