# The answer to a capture or a reversal: a transaction of its own. DONE only where it has succeeded and belongs to the authorisation;
# else it proves nothing, and the authorisation is asked.
def word: if type == "string" and . != "" then . else null end;

.job as $job
| (if $job.operation == "void" then "reversal" else "capture" end) as $wanted
| .answer.json as $a
| if ($a | type) != "object" then
    {state: "UNREADABLE", word: null, providerMessage: null}
  elif ($a.reference | word) != null and $a.status == "success" and ($a.type | word) == $wanted
     and $a.originalReference == $job.payment.providerTransactionId then
    {state: "DONE", word: "\($a.type) \($a.status)", providerMessage: null}
  else
    {state: "UNREADABLE", word: (($a.status | word) // ($a.failureCode | word)), providerMessage: ($a.message | word)}
  end
