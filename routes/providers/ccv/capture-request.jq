# Takes what an authorisation has reserved, or a part of it. The amount is always told: what is left may be less than was reserved.
.payment.providerTransactionId as $id
| .command.amount as $amount
| if ($id | type) != "string" or $id == "" then error("the payment has no transaction id yet") else . end
| if ($amount.value | integer) == null or $amount.value < 1
  then error("the amount must be a whole number of cents above 0") else . end
| {json: {reference: $id, amount: ($amount.value | major)}}
