# What was said without credentials of an order that is not over. Nothing is booked on it: it says that the order runs, that a code is
# not known, or that PAY. itself wants a person to look (-51: another amount was paid).
def word: if type == "string" and . != "" then . else null end;

.job.payment.providerTransactionId as $asked
| .answer.json as $a
| if ($a | type) != "object" or ($a.status | type) != "object"
     or ($a.id != $asked and $a.orderId != $asked) then
    {state: "UNREADABLE", providerTransactionId: null, word: null}
  else
    {
      state: (if $a.status.code == -51 then "MANUAL"
              elif ([20, 25, 40, 50, 60, 75, 76, 90] | index($a.status.code)) != null then "STARTED"
              else "OPEN" end),
      ending: null,
      code: null,
      word: "\($a.status.code) \($a.status.action)",
      providerTransactionId: $asked,
      ownReference: ($a.reference | word),
      test: (if ($a.integration | type) == "object" and ($a.integration.test | type) == "boolean" then $a.integration.test else null end)
    }
  end
