# The answer to capture, void, approve and decline: the order as it now is. DONE only where the order says what was asked for; else it
# proves nothing, and the order's status is asked.
def word: if type == "string" and . != "" then . else null end;
def object: if type == "object" then . else {} end;
def cents: object | .value | integer;

.job.operation as $operation
| .job.payment.providerTransactionId as $asked
| .answer.json as $a
| if ($a | type) != "object" then
    {state: "UNREADABLE", word: null, providerMessage: null}
  elif ($a.status | type) != "object" or ($a.id != $asked and $a.orderId != $asked) then
    {state: "UNREADABLE", word: ($a.code | word), providerMessage: (($a.detail | word) // ($a.title | word))}
  else
    $a.status.code as $code
    | (if $operation == "void" then $code == -61
       elif $operation == "decline" then $code == -64
       elif $operation == "approve" then $code == 100 or $code == 95
       elif $operation == "capture" then $code == 100
       else ([95, 97, 100] | index($code)) != null and (($a.capturedAmount | cents) // 0) > 0 end) as $done
    | {
        state: (if $done then "DONE" else "UNREADABLE" end),
        word: "\($code) \($a.status.action)",
        authorised: ($a.authorizedAmount | cents),
        captured: ($a.capturedAmount | cents),
        providerMessage: null
      }
  end
