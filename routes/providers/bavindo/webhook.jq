# A webhook of Bavindo: the event of a payment, or what the display shows meanwhile. Nothing signs it: it is a reason to ask status, and
# never the answer. adyen_payload holds the payment's response itself, or, as in the details, one that repeats it.
def word: if type == "string" and . != "" then . else null end;
def object: if type == "object" then . else {} end;

(.webhook.text | lenient_json | object) as $said
| ($said.adyen_payload | object | .SaleToPOIResponse | object) as $nexo
| (($nexo.PaymentResponse
    // ($nexo.TransactionStatusResponse | object | .RepeatedMessageResponse | object | .RepeatedResponseMessageBody | object
        | .PaymentResponse))
   | object | .Response | object) as $response
| ($said.event_type | word | if . == null then "" else ascii_downcase end) as $type
| ($said.event | word | if . == null then null else ascii_downcase end) as $event
| ($response.Result | word | if . == null then null else ascii_downcase end) as $result
# What is neither the payment's own response nor without a type says nothing of how the payment ended: the display, an abort, a refund.
| (if ($said.payment_id | word) == null then null
   elif $type != "" and $type != "service.payment.response" then "OPEN"
   elif $event == "success" and ($result == null or $result == "success") then "PAID"
   elif $event == "failure" and ($result == null or $result == "failure") then "NOT_PAID"
   elif $event == null and $result == null then null
   else "OPEN" end) as $state
| {
    providerTransactionId: ($said.payment_id | word),
    ownReference: ($said.metadata | object | .pinbridge_payment | word),
    state: $state,
    # Outside adyen_response the reason stands in the webhook only: it goes into the payment's story.
    reason: (if $state == "NOT_PAID" then (($said.event_condition | word) // ($response.ErrorCondition | word)) else null end),
    word: $event
  }
