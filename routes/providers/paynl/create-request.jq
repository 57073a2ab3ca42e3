# A create command to Order:Create with method 1927, a card payment on the terminal. The amount stays whole cents.
# Our reference goes out twice: as reference, and as stats.extra1, which the older exchange has too. It is the only way back to an
# order whose create was never answered.
.command.amount as $amount
| .payment.ownReference as $reference
| (.terminal.labels["service-id"] // .settings.options["service-id"]) as $service
| if ($amount.currency | type) != "string" or ($amount.currency | test("^[A-Z]{3}$") | not)
  then error("the amount must name a currency") else . end
| if ($amount.value | integer) == null or $amount.value < 1
  then error("the amount must be a whole number of cents above 0") else . end
| if ($reference | type) != "string" or ($reference | test("^[A-Za-z0-9-]{1,64}$") | not)
  then error("the reference must be letters, digits and hyphens") else . end
| if ($service | type) != "string" or $service == ""
  then error("the terminal has no label service-id, and the option service-id is not set") else . end
| {
    json: (
      {
        amount: {value: $amount.value, currency: $amount.currency},
        paymentMethod: {input: {terminalCode: .terminal.id}, id: 1927},
        serviceId: $service,
        reference: $reference,
        stats: {extra1: $reference}
      }
      + (if .settings.callbackUrl != null then {exchangeUrl: .settings.callbackUrl} else {} end)
      + (if .settings.test == true then {integration: {pointOfInteraction: "IN_PERSON", test: true}} else {} end)
    )
  }
