# Asks for the details of the one payment that is named. There is no body.
.payment.providerTransactionId as $id
| if ($id | type) != "string" or $id == "" then error("the payment has no payment_id yet") else . end
| {path: {id: $id}}
