# A capture of some of the products that the order was made with: provider.products is a list of {id, quantity}.
.payment.providerTransactionId as $id
| (if (.command.provider | type) == "object" then .command.provider.products else null end) as $products
| if ($id | type) != "string" or $id == "" then error("the payment has no transaction id yet") else . end
| if ($products | type) != "array" or $products == [] then error("provider.products must be a list of products") else . end
| {
    path: {id: $id},
    json: {
      products: [$products[]
        | if type != "object" or (.id | type) != "string" or .id == "" or (.quantity | integer) == null or .quantity < 1
          then error("a product is {id, quantity}, with a whole quantity above 0") else {id, quantity} end]
    }
  }
