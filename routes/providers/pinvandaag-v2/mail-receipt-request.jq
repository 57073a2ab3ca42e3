# A receipt by mail: the form of instore/transactions/mail. The bridge adds the key. All names but the first two are assumed (G).
# html goes out as it came: whoever wrote it escaped it. Messages here never repeat an address.
.payment.providerTransactionId as $id
| .command.receipt as $receipt
| if ($id | type) != "string" or $id == ""
  then error("a receipt needs the provider's transaction id") else . end
| if ($receipt | type) != "object" or ($receipt.to | type) != "string" or $receipt.to == ""
  then error("a receipt needs an address to go to") else . end
| {
    form: {
      terminal_id: .terminal.id,
      transaction_id: $id,
      email: $receipt.to,
      recipientName: $receipt.name,
      mailSubject: $receipt.subject,
      mailBody: $receipt.html
    }
  }
