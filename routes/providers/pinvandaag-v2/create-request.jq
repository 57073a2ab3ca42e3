# A create command to the form of instore/transactions/start. The bridge adds the key.
# amount: whole cents, as a text of digits. The API knows no currency but EUR. How the options are spelled is assumed (F).
.command.amount as $amount
| if $amount.currency != "EUR" then error("Pin Vandaag knows EUR only") else . end
| if ($amount.value | integer) == null or $amount.value < 1
  then error("the amount must be a whole number of cents above 0") else . end
| {
    form: {
      terminal_id: .terminal.id,
      amount: ($amount.value | tostring),
      callbackUrl: .settings.callbackUrl,
      ownReference: .payment.ownReference,
      # Only CCV has a page that a browser returns from.
      ReturnUrl: (if .terminal.brand == "CCV" then .command.returnUrl else null end)
    }
  }
