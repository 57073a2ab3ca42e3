# Asks for, or changes, the one order that is named. There is no body.
.payment.providerTransactionId as $id
| if ($id | type) != "string" or $id == "" then error("the payment has no transaction id yet") else . end
| {path: {id: $id}}
