# The second question of a status, with credentials, about the order that the first was about.
.job.payment.providerTransactionId as $id
| if ($id | type) != "string" or $id == "" then error("the payment has no transaction id yet") else . end
| {path: {id: $id}}
