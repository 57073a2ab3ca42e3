# A look at one transaction: the form of instore/transactions/status. The bridge adds the key.
if (.payment.providerTransactionId | type) != "string"
then error("a status needs the provider's transaction id")
else {form: {terminal_id: .terminal.id, transaction_id: .payment.providerTransactionId}}
end
