# A capture of a part, in whole cents. Captures add up, so that one is never sent twice.
.payment.providerTransactionId as $id
| .command.amount as $amount
| if ($id | type) != "string" or $id == "" then error("the payment has no transaction id yet") else . end
| if ($amount.value | integer) == null or $amount.value < 1
  then error("the amount must be a whole number of cents above 0") else . end
| {path: {id: $id}, json: {amount: $amount.value}}
