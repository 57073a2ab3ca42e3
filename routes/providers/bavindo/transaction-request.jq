# Asks how much of a payment was given back: the one that is given back, or the payment itself.
(if .original == null then .payment else .original end | if . == null then null else .providerTransactionId end) as $id
| if ($id | type) != "string" or $id == "" then error("there is no payment_id to ask about") else . end
| {path: {id: $id}}
