# The authenticated Order:Status to a reading: the truth. By status code and incident code, and never by their texts.
def word: if type == "string" and . != "" then . else null end;
def utc: . as $raw | try ($raw | offset_to_utc) catch null;
# Many fields come as an object, as an empty list, or not at all.
def object: if type == "object" then . else {} end;
def cents: object | .value | integer;

# Of several attempts the last one with the method that was asked for counts.
def payment($method):
  [(if (.payments | type) == "array" then .payments[] else empty end)
   | select(type == "object" and (.paymentMethod | object | .id) == $method)]
  | last | object;

def state:
  {
    "95": "AUTHORISED", "97": "AUTHORISED",
    "100": "PAID",
    # Paid, and given back since in part or whole. The ledger takes "paid" from here only with an amount, which is withheld below.
    "-72": "PAID", "-81": "PAID", "-82": "PAID",
    "-70": "CHARGED_BACK", "-71": "CHARGED_BACK",
    # Another amount than that of the order: for a person.
    "-51": "MANUAL",
    "-60": "NOT_PAID", "-61": "NOT_PAID", "-63": "NOT_PAID", "-64": "NOT_PAID", "-80": "NOT_PAID", "-90": "NOT_PAID"
  }[tostring] // "OPEN";

# How a payment that did not happen ended: what the terminal says goes before what the order says. 2628 and an abort are a till that
# calls off: the bridge knows whether that was a cancel command.
def by_incident:
  {
    "2628": "CANCELLED_BY_COMMAND", "2629": "CANCELLED_AT_TERMINAL",
    "1803": "TIMED_OUT_AT_TERMINAL", "4100": "TIMED_OUT_AT_TERMINAL", "4101": "TIMED_OUT_AT_TERMINAL",
    "2631": "DECLINED"
  }[.] // "PROVIDER_FAILED";
def by_status:
  {
    "-60": "PROVIDER_FAILED", "-61": "CANCELLED_BY_COMMAND", "-63": "DECLINED", "-64": "CANCELLED_AT_TERMINAL",
    "-80": "TIMED_OUT_AT_TERMINAL", "-90": "CANCELLED_BY_COMMAND"
  }[tostring];
def ending:
  {
    DECLINED: "DECLINED", CANCELLED_AT_TERMINAL: "CANCELLED", CANCELLED_BY_COMMAND: "CANCELLED",
    TIMED_OUT_AT_TERMINAL: "EXPIRED", PROVIDER_FAILED: "FAILED"
  }[.];

# Base64 of a list of lines. What cannot be read is left out: a receipt never fails a payment.
def lines:
  if type != "string" then []
  else (try (@base64d | lenient_json) catch null)
    | if type == "array" then [.[] | select(type == "string") | gsub("\r"; "")] else [] end
  end;
def receipts: (.receipt | lines) | if . == [] then null else {customer: ., merchant: []} end;

def masked: if type == "string" and test("[xX*]{3}") and (test("[0-9]{11}") | not) then . else null end;
def code: if type == "string" and test("^[A-Za-z0-9]{1,20}$") then . else null end;
def card:
  (.supplierData | object | .ticket_data | object) as $ticket
  | (.customerMethod | object) as $method
  | (if $method.type == "card" then ($method.data | object) else {} end) as $data
  | (($ticket.card_brand_label_name | word) // ($data.brandName | word) // ($data.scheme | word)) as $brand
  | (($ticket.formatted_card_number | masked) // ($ticket.card_number | masked) // ($data.maskedPan | masked)
     // (.customerId | masked)) as $pan
  # What the bank answered with: it stands on the receipt too, and who asks a bank about a payment needs it.
  | ((.supplierData | object | .authorization_code | code) // ($ticket.authorization_code | code)) as $code
  | if $brand == null and $pan == null and $code == null then null
    else {brand: $brand, maskedPan: $pan} + (if $code == null then {} else {authorisationCode: $code} end) end;

.job.payment.providerTransactionId as $asked
| (if .job.command.type == "refund" then 2351 else 1927 end) as $method
| .answer.json as $a
| if ($a | type) != "object" or ($a.status | type) != "object" or ($a.status.code | integer) == null
     or ($a.id != $asked and $a.orderId != $asked) then
    {state: "UNREADABLE", providerTransactionId: (if ($a | type) == "object" then ($a.id | word) else null end), word: null}
  else
    $a.status.code as $code
    | ($code | state) as $state
    | ($a | payment($method)) as $payment
    | ($payment.supplierData | object) as $supplied
    | ($supplied.incident_code | word | if . == "0000" then null else . end) as $incident
    | (if $state != "NOT_PAID" then null
       elif $incident != null then ($incident | by_incident)
       else ($code | by_status) end) as $error
    | {
        state: $state,
        ending: (if $error == null then null else ($error | ending) end),
        code: $error,
        word: "\($code) \($a.status.action)",
        # An order answers to two names; the one that the bridge knows stays.
        providerTransactionId: $asked,
        otherName: ($a.orderId | word),
        amount: (if ([-72, -81, -82] | index($code)) != null then null else ($a.amount | cents) end),
        receiptTotal: null,
        currency: ($a.amount | object | .currency | word),
        terminal: ($payment.paymentMethod | object | .input | object | .terminalCode | word),
        ownReference: ($a.reference | word),
        test: ($a.integration | object | .test | if type == "boolean" then . else null end),
        paymentUrl: null,
        card: ($payment | card),
        receipts: ($a | receipts),
        createdAt: ($a.createdAt | utc),
        createdAtRaw: ($a.createdAt | word),
        authorised: ($a.authorizedAmount | cents),
        captured: ($a.capturedAmount | cents),
        providerCode: (if $error != null then ($incident // ($code | tostring)) else null end),
        providerMessage: (if $error != null then (($supplied.incident_text | word) // ($a.status.action | word)) else null end)
      }
  end
