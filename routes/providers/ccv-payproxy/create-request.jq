# A create command to a SALE. The amount leaves as the JSON number 25.00, made of whole cents and never calculated with. (I)
# requestId is the number that the mark takes for this call. (F)
.command.amount as $amount
| (if (.command.provider | type) == "object" then .command.provider else {} end) as $own
| .terminal.labels as $labels
| .settings.options as $options
| if $amount.currency != "EUR" then error("PayProxy takes EUR only") else . end
| if ($amount.value | integer) == null or $amount.value < 1
  then error("the amount must be a whole number of cents above 0") else . end
| if (.number | integer) == null or .number < 1 or .number > 999999999
  then error("the call needs a number from 1 to 999999999") else . end
| {
    json: {
      paymentType: "SALE",
      requestId: (.number | tostring),
      amount: ($amount.value | major | decimal),
      currency: $amount.currency,
      terminalOperatingEnvironment: ($own.terminalOperatingEnvironment // $labels["operating-environment"]
                                     // $options["operating-environment"] // "UNATTENDED"),
      terminalAccessProtocol: ($own.terminalAccessProtocol // $labels["access-protocol"] // $options["access-protocol"] // "OPI_NL"),
      terminalLanguage: ($own.terminalLanguage // $labels.language // $options.language // "ENG")
    }
  }
