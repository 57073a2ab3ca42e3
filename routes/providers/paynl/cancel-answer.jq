# The answer to Order:Abort. DONE says that PAY. took it; what became of the payment is asked with status, for a cancelled order can in
# some cases still become paid. Everything else proves nothing.
def word: if type == "string" and . != "" then . else null end;

.job.payment.providerTransactionId as $asked
| .answer.json as $a
| if ($a | type) != "object" then
    {state: "UNREADABLE", word: null, providerMessage: null}
  elif ($a.status | type) == "object" and $a.status.code == -90 and ($a.id == $asked or $a.orderId == $asked) then
    {state: "DONE", word: "\($a.status.code) \($a.status.action)", providerMessage: null}
  else
    {
      state: "UNREADABLE",
      word: (if ($a.status | type) == "object" then "\($a.status.code) \($a.status.action)" else ($a.code | word) end),
      providerMessage: (($a.detail | word) // ($a.title | word))
    }
  end
