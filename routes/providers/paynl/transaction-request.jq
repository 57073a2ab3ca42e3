# Asks how much of a transaction was given back: that of the payment that is given back, or of the payment itself, by its
# orderId.
(if .original == null then .payment else .original end | if . == null then null else .otherName end) as $id
| if ($id | type) != "string" or $id == "" then error("there is no orderId to ask about") else . end
| {path: {id: $id}}
