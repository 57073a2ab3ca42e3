# One transaction, by its reference; of an authorisation also what was done with it. (E, F)
.payment.providerTransactionId as $id
| if ($id | type) != "string" or $id == "" then error("the payment has no transaction id yet") else . end
| {
    query: (
      {reference: $id}
      + (if .command.type == "authorise" or .payment.status == "AUTHORISED" then {includeRelatedTransactions: true} else {} end)
    )
  }
