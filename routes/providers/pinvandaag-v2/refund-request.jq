# A refund to the form of instore/transactions/refund. The bridge adds the key.
# amount: whole cents, as a text of digits. The API knows no currency but EUR; no client sends more fields: a refund is linked to no
# payment, carries no reference of ours and calls nobody back.
.command.amount as $amount
| if $amount.currency != "EUR" then error("Pin Vandaag knows EUR only") else . end
| if ($amount.value | integer) == null or $amount.value < 1
  then error("the amount must be a whole number of cents above 0") else . end
| {form: {terminal_id: .terminal.id, amount: ($amount.value | tostring)}}
