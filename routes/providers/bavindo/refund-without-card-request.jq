# A referenced refund. Bavindo gives the whole payment back, tip included, and is told no amount: whatever is not all of it must never get
# here (G).
(if .original == null then null else .original.providerTransactionId end) as $id
| .command.amount as $amount
| if ($id | type) != "string" or $id == "" then error("the payment_id of what is given back is not known") else . end
| if $amount.currency != "EUR" then error("Bavindo knows EUR only") else . end
| if ($amount.value | integer) == null or $amount.value < 1
  then error("the amount must be a whole number of cents above 0") else . end
| if $amount.value != .original.amounts.paid then error("only the whole payment can be given back") else . end
| {json: {payment_id: $id}}
