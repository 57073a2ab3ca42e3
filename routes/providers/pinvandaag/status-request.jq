# A look at one transaction: the form of instore/transactions/status. The bridge adds terminalId and key.
if (.payment.providerTransactionId | type) != "string"
then error("a status needs the provider's transaction id")
else {form: {transactionId: .payment.providerTransactionId}}
end
