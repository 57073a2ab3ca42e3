# A payment by the reference that we gave it; a refund among all refunds of the payment that it gives back.
.payment.ownReference as $reference
| .original as $original
| if ($reference | type) != "string" or $reference == "" then error("there is no reference to search by") else . end
| if $original == null then {query: {merchantOrderReference: $reference}}
  elif ($original.providerTransactionId | type) != "string" or $original.providerTransactionId == ""
  then error("the transaction of the payment that is given back is not known")
  else {query: {originalReferences: $original.providerTransactionId, type: "refund"}} end
