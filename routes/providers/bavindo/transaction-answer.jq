# The details of a payment, for what was paid and what was given back; whole cents.
def object: if type == "object" then . else {} end;
def cents: integer | if . != null and . >= 0 then . else null end;

(if .job.original == null then .job.payment else .job.original end | object | .providerTransactionId) as $asked
| .answer.json as $a
| ($a | object | .payment_amount | object) as $money
| if ($a | type) != "object" or $a.payment_id != $asked or ($money.amount_refunded | cents) == null then
    {state: "UNREADABLE", amount: null, paid: null, refunded: null}
  else
    {
      # Of what becomes of the money it says nothing more.
      state: "DONE",
      amount: ($money.amount | cents),
      paid: ($money.amount_total | cents),
      refunded: ($money.amount_refunded | cents)
    }
  end
