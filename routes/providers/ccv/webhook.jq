# {"id": "<reference>"} and nothing else, from whoever knows the address: a reason to ask status, and never the answer.
def word: if type == "string" and . != "" then . else null end;

(.webhook.text | lenient_json) as $said
| {
    providerTransactionId: (if ($said | type) == "object" then ($said.id | word) else null end),
    ownReference: null,
    state: null
  }
