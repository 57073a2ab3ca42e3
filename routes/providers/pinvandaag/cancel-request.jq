# A cancel to the form of instore/terminal/cancel. The bridge adds terminalId and key.
# The page knows no more fields: whatever runs on the terminal is cancelled. Only the vendor's own client cancels on CCV terminals, and
# it names the transaction.
{
  form: {
    transactionId: (if .terminal.brand == "CCV" then .payment.providerTransactionId else null end)
  }
}
