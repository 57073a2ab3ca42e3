# A refund of a payment on the terminal: the customer presents the card. The description begins with our reference, which CCV repeats;
# it is the only way back to a refund whose answer was lost. (H)
def option($name): .terminal.labels[$name] // .settings.options[$name];
def set($name; $otherwise): (option($name) // $otherwise) | if type == "string" and . != "" then .
  else error("neither the terminal's label nor the option " + $name + " is set") end;

.command.amount as $amount
| .payment.ownReference as $reference
| (if .original == null then null else .original.providerTransactionId end) as $id
| (.command.returnUrl // .settings.options["return-url"]) as $return
| if ($id | type) != "string" or $id == "" then error("the transaction of the payment that is given back is not known") else . end
| if ($amount.currency | type) != "string" or ($amount.currency | test("^[A-Z]{3}$") | not)
  then error("the amount must name a currency") else . end
# A refund names no currency: it has that of its payment.
| if $amount.currency != .original.amounts.currency then error("the amount must be in the currency of the payment") else . end
| if ($amount.value | integer) == null or $amount.value < 1
  then error("the amount must be a whole number of cents above 0") else . end
| if ($reference | type) != "string" or ($reference | test("^[A-Za-z0-9-]{1,50}$") | not)
  then error("the reference must be letters, digits and hyphens") else . end
| if ($return | type) != "string" or $return == ""
  then error("the command names no returnUrl, and the option return-url is not set") else . end
| {
    json: (
      {
        reference: $id,
        amount: ($amount.value | major),
        description: ([$reference, .command.reference] | map(select(. != null)) | join(" ")),
        language: set("language"; "nld"),
        returnUrl: $return,
        details: {
          terminalId: .terminal.id,
          managementSystemId: set("management-system-id"; null),
          accessProtocol: set("access-protocol"; "OPI_NL"),
          operatingEnvironment: set("operating-environment"; "ATTENDED"),
          merchantLanguage: set("merchant-language"; "NLD")
        }
      }
      + (if (.settings.callbackUrl | type) == "string" and (.settings.callbackUrl | startswith("https://"))
         then {webhookUrl: .settings.callbackUrl} else {} end)
    )
  }
