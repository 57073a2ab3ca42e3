# Gives up what an authorisation has reserved.
.payment.providerTransactionId as $id
| if ($id | type) != "string" or $id == "" then error("the payment has no transaction id yet") else . end
| {json: {reference: $id}}
