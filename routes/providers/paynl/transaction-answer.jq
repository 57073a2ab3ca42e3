# The answer about a transaction: what was paid and what was given back, whole cents.
def object: if type == "object" then . else {} end;
def cents: object | .value | integer;

.answer.json as $a
| if ($a | type) != "object" or ($a.amountRefunded | cents) == null then
    {readable: false, amount: null, paid: null, refunded: null}
  else
    {
      readable: true,
      amount: ($a.amount | cents),
      paid: ($a.amountPaid | cents),
      refunded: ($a.amountRefunded | cents)
    }
  end
