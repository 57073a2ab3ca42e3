# A cancel to the form of instore/transactions/stop. The bridge adds the key. It names the transaction: nothing else is hit (H).
if (.payment.providerTransactionId | type) != "string"
then error("a stop needs the provider's transaction id")
else {form: {terminal_id: .terminal.id, transaction_id: .payment.providerTransactionId}}
end
