# A capture command that names no payment to a CAPTURE: the authorisation was made at the terminal without the bridge.
# What may stand in provider is in command.schema.json; authReference goes on unchanged, and is shown nowhere. (G, H)
.command.amount as $amount
| (if (.command.provider | type) == "object" then .command.provider else {} end) as $own
| .terminal.labels as $labels
| .settings.options as $options
| $own.captureCancellationReasonCode as $reason
| if $amount.currency != "EUR" then error("PayProxy takes EUR only") else . end
| if ($amount.value | integer) == null or $amount.value < 0
  then error("the amount must be a whole number of cents") else . end
| if $amount.value == 0 and $reason == null
  then error("an amount of 0 needs captureCancellationReasonCode") else . end
| if (.number | integer) == null or .number < 1 or .number > 999999999
  then error("the call needs a number from 1 to 999999999") else . end
| if [$own.authReference, $own.authReferenceVersion, $own.terminalEnvironment] | all(type == "string" and . != "") | not
  then error("authReference, authReferenceVersion and terminalEnvironment must be texts") else . end
| {
    json: (
      {
        paymentType: "CAPTURE",
        requestId: (.number | tostring),
        amount: ($amount.value | major | decimal),
        currency: $amount.currency,
        authReference: $own.authReference,
        authReferenceVersion: $own.authReferenceVersion,
        terminalOperatingEnvironment: ($own.terminalOperatingEnvironment // $labels["operating-environment"]
                                       // $options["operating-environment"] // "UNATTENDED"),
        terminalAccessProtocol: ($own.terminalAccessProtocol // $labels["access-protocol"] // $options["access-protocol"] // "OPI_NL"),
        terminalLanguage: ($own.terminalLanguage // $labels.language // $options.language // "ENG"),
        terminalEnvironment: $own.terminalEnvironment
      }
      + (if $reason != null then {captureCancellationReasonCode: $reason} else {} end)
    )
  }
