# A create or authorise command to a payment with method terminal. The amount is a decimal text, made exactly from cents. Our reference
# goes out as merchantOrderReference, by which a lost answer is found; the sender's own stands in the description.
# supportPartialApproval is never sent: a customer pays what was asked, or nothing.
def option($name): .terminal.labels[$name] // .settings.options[$name];
def set($name; $otherwise): (option($name) // $otherwise) | if type == "string" and . != "" then .
  else error("neither the terminal's label nor the option " + $name + " is set") end;

.command.amount as $amount
| .payment.ownReference as $reference
| (.command.returnUrl // .settings.options["return-url"]) as $return
| if ($amount.currency | type) != "string" or ($amount.currency | test("^[A-Z]{3}$") | not)
  then error("the amount must name a currency") else . end
| if ($amount.value | integer) == null or $amount.value < 1
  then error("the amount must be a whole number of cents above 0") else . end
| if ($reference | type) != "string" or ($reference | test("^[A-Za-z0-9-]{1,50}$") | not)
  then error("the reference must be letters, digits and hyphens") else . end
| if ($return | type) != "string" or $return == ""
  then error("the command names no returnUrl, and the option return-url is not set") else . end
| {
    json: (
      {
        amount: ($amount.value | major),
        currency: $amount.currency,
        method: "terminal",
        merchantOrderReference: $reference,
        description: (.command.reference // $reference),
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
      # CCV takes webhooks over https only.
      + (if (.settings.callbackUrl | type) == "string" and (.settings.callbackUrl | startswith("https://"))
         then {webhookUrl: .settings.callbackUrl} else {} end)
      + (if .operation == "authorise" then {transactionType: "authorise"} else {} end)
    )
  }
