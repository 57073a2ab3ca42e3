# The answer about a transaction: what was paid and what was given back, whole cents.
def object: if type == "object" then . else {} end;
def cents: object | .value | integer;

.answer.json as $a
| if ($a | type) != "object" or ($a.amountRefunded | cents) == null then
    {state: "UNREADABLE", amount: null, paid: null, refunded: null}
  else
    {
      # Of what becomes of the money it says nothing more.
      state: "DONE",
      amount: ($a.amount | cents),
      paid: ($a.amountPaid | cents),
      refunded: ($a.amountRefunded | cents)
    }
  end
