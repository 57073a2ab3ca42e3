# The exchange in its forms: the order as JSON (multi core), and the flat texts of the single core as JSON, as the invalid JSON of PAY.'s
# own sample, or as a form. It is a reason to ask status, and never the answer.
def word: if type == "string" and . != "" then . else null end;
def object: if type == "object" then . else {} end;

def of_code:
  {
    "95": "AUTHORISED", "97": "AUTHORISED",
    "100": "PAID", "-72": "PAID", "-81": "PAID", "-82": "PAID",
    "-70": "CHARGED_BACK", "-71": "CHARGED_BACK",
    "-51": "MANUAL",
    "-60": "NOT_PAID", "-61": "NOT_PAID", "-63": "NOT_PAID", "-64": "NOT_PAID", "-80": "NOT_PAID", "-90": "NOT_PAID"
  }[tostring] // "OPEN";
def of_action:
  if . == null then null
  elif . == "new_ppt" or . == "capture" then "PAID"
  elif . == "pending" then "OPEN"
  elif . == "cancel" then "NOT_PAID"
  elif startswith("chargeback") then "CHARGED_BACK"
  # What is told of a refund says nothing of the payment.
  else null end;

def parsed:
  . as $text
  | ($text | lenient_json)
  // ($text | gsub(",\\s*}"; "}") | lenient_json)
  // (if ($text | test("^\\s*[{\\[]")) then null else (try ($text | form_decode) catch null) end);

(.webhook.text | parsed | object) as $said
| if ($said.object | type) == "object" then
    $said.object as $order
    | {
        providerTransactionId: (($order.id | word) // ($said.id | word)),
        otherName: ($order.orderId | word),
        ownReference: (($order.reference | word) // ($order.stats | object | .extra1 | word)),
        state: (if ($order.status | type) == "object" then ($order.status.code | of_code) else null end),
        word: (if ($order.status | type) == "object" then "\($order.status.code) \($order.status.action)" else null end),
        # Whole cents.
        amount: ($order.amount | object | .value | integer)
      }
  else
    {
      providerTransactionId: null,
      # The flat layout knows the order by its other name only.
      otherName: ($said.order_id | word),
      ownReference: ($said.extra1 | word),
      state: ($said.action | word | of_action),
      word: ($said.action | word),
      # Euros as a text with a point, never whole cents.
      amount: (try ($said.amount | minor) catch null)
    }
  end
