# The answer to a refund without the card. DONE says that PAY. has the request: the money goes out in a batch, and can still come back.
def word: if type == "string" and . != "" then . else null end;
def object: if type == "object" then . else {} end;
def cents: object | .value | integer;

.answer.json as $a
| if ($a | type) != "object" then
    {state: "UNREADABLE", word: null, providerMessage: null}
  elif ($a.orderId | word) == null or ($a.amountRefunded | cents) == null then
    ($a.errors | object) as $errors
    | {
        state: "UNREADABLE",
        word: (($a.code | word) // ($errors.general | object | .code | word)),
        providerMessage: (($a.detail | word) // ($errors.general | object | .message | word)
                          // ($errors.transactionId | object | .message | word) // ($a.error | word))
      }
  else
    {
      state: "DONE",
      word: "refunded",
      amount: ($a.amountRefunded | cents),
      currency: ($a.amountRefunded | object | .currency | word),
      providerTransactionId: ([(if ($a.refundedTransactions | type) == "array" then $a.refundedTransactions[] else empty end)
                | object | .refund | object | .id | word] | last),
      providerMessage: null
    }
  end
