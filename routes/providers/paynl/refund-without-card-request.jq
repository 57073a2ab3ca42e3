# A refund of a transaction without the card, to rest.pay.nl. The transaction is that of the payment that is given back; PAY. takes its
# orderId or EX-code here, and not the id that all other calls use. Refunds add up, so that one is never sent twice.
(if .original == null then null else .original.otherName end) as $id
| .command.amount as $amount
| if ($id | type) != "string" or $id == "" then error("the orderId of the payment that is given back is not known") else . end
| if ($amount.value | integer) == null or $amount.value < 1
  then error("the amount must be a whole number of cents above 0") else . end
| {
    path: {id: $id},
    json: (
      {amount: {value: $amount.value, currency: $amount.currency}}
      + (if .settings.callbackUrl != null then {exchangeUrl: .settings.callbackUrl} else {} end)
    )
  }
