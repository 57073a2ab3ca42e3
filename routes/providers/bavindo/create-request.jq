# A create command to POS Payment Create, asynchronous. The amount stays whole cents. How amount, currency and pos_id are called and
# where they stand is assumed (A). Our payment id goes out in metadata: it is the only way back to a payment whose create was never answered.
.command.amount as $amount
| .payment.ownReference as $reference
# One hyphen, between model and serial number; the documentation's own samples have one that does not break lines.
| (.terminal.id | gsub("\u2011"; "-") | split("-") | if length < 2 then .[0] else .[0] + "-" + (.[1:] | join("")) end) as $terminal
| (.terminal.labels["pos-id"] // .terminal.alias) as $pos
| if $amount.currency != "EUR" then error("Bavindo knows EUR only") else . end
| if ($amount.value | integer) == null or $amount.value < 1
  then error("the amount must be a whole number of cents above 0") else . end
| if ($reference | type) != "string" or ($reference | test("^[A-Za-z0-9-]{1,64}$") | not)
  then error("the reference must be letters, digits and hyphens") else . end
| {
    json: {
      terminal_id: $terminal,
      pos_id: $pos,
      currency: "EUR",
      amount: $amount.value,
      synchronous_method: "async",
      metadata: (
        {pinbridge_payment: $reference}
        + (if (.command.reference | type) == "string" then {reference: .command.reference} else {} end)
      )
    }
  }
