# Calls off the one payment that is named.
.payment.providerTransactionId as $id
| if ($id | type) != "string" or $id == "" then error("the payment has no payment_id yet") else . end
| {json: {payment_id: $id}}
