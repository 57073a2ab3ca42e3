# Get Payment Details to a reading. status says how the payment stands; adyen_response is what Adyen says of it, and where both speak,
# both must say the same.
#
# adyen_response has two results, one in the other. The outer one is about the question: Success means that the payment has come to
# an end, and nothing more. The inner one, of the payment itself, says which end. null is no information, and leaves it to status; what
# is there and not understood, or about something else, leaves nothing proved.
def word: if type == "string" and . != "" then . else null end;
def object: if type == "object" then . else {} end;
def list: if type == "array" then . else [] end;
def lower: if type == "string" then ascii_downcase else "" end;
def cents: integer | if . != null and . >= 0 then . else null end;
def utc: . as $raw | try ($raw | offset_to_utc) catch null;
def hyphens: gsub("\u2011"; "-");

# What may be missing, and is taken for empty then; what is there and no object is not understood.
def part: if . == null then {} elif type == "object" then . else {strange: true} end;
def part($name): if .strange == true then . else .[$name] | part end;
def fine: . == null or cents != null;

# Euros, as a number or a text, to whole cents; null where it is neither.
def euros:
  if type == "number" then (try number_to_minor catch null)
  elif type == "string" then (try minor catch null)
  else null end;

# How a payment that did not happen ended, by Adyen's ErrorCondition in lower case; every other one is a fault with its own word.
def by_condition:
  {
    # A till that calls off: the bridge knows whether that was a cancel command.
    aborted: "CANCELLED_BY_COMMAND",
    cancel: "CANCELLED_AT_TERMINAL",
    invalidcard: "DECLINED", paymentrestriction: "DECLINED", refusal: "DECLINED", wrongpin: "DECLINED",
    # The host was silent, and Adyen has been asked since: this is what it says now.
    unreachablehost: "DECLINED"
  }[.] // "PROVIDER_FAILED";
def ending:
  {
    DECLINED: "DECLINED", CANCELLED_AT_TERMINAL: "CANCELLED", CANCELLED_BY_COMMAND: "CANCELLED", PROVIDER_FAILED: "FAILED"
  }[.];

# AdditionalResponse is form-encoded, or Base64 of JSON.
def additional:
  if type != "string" then {}
  else
    . as $text
    | ((try ($text | @base64d | lenient_json) catch null) | if type == "object" then . else null end) as $json
    | if $json != null then ($json.additionalData | object) + $json
      else (try ($text | form_decode) catch {}) end
  end;

# Lines of a receipt are form-encoded too: key, and where there is something to print name and value.
def line:
  (try (.Text | form_decode) catch {}) as $fields
  | [($fields.name | word), ($fields.value | word)] | map(select(. != null)) | join(" ");
def printed($kind):
  [.PaymentReceipt | list | .[] | select(type == "object" and .DocumentQualifier == $kind)
   | .OutputContent | object | .OutputText | list | .[] | select(type == "object")];
def lines($kind): [printed($kind)[] | line | select(. != "")];
def receipts:
  {customer: lines("CustomerReceipt"), merchant: lines("CashierReceipt")}
  | if .customer == [] and .merchant == [] then null else . end;

def masked: if type == "string" and test("[xX*]{3}") and (test("[0-9]{11}") | not) then . else null end;
def pan_printed:
  [(printed("CashierReceipt") + printed("CustomerReceipt"))[] | (try (.Text | form_decode) catch {})
   | select(.key == "pan") | .value | masked | select(. != null)] | first // null;
def card:
  (.PaymentResult | object | .PaymentInstrumentData | object | .CardData | object) as $data
  | ($data.PaymentBrand | word) as $brand
  | (($data.MaskedPan | masked) // pan_printed) as $pan
  | if $brand == null and $pan == null then null else {brand: $brand, maskedPan: $pan} end;

.job.payment.providerTransactionId as $asked
| .job.payment.amounts.requested as $requested
| .answer.json as $a
| if ($a | type) != "object" or $a.payment_id != $asked or ($a.status | word) == null then
    {state: "UNREADABLE", providerTransactionId: (if ($a | type) == "object" then ($a.payment_id | word) else null end), word: null}
  else
    ($a.status | lower) as $status
    | ($a.payment_amount | part) as $money
    | ($money.amount | cents) as $amount
    | (if $money.amount_tip == null then 0 else ($money.amount_tip | cents) end) as $tip
    | ($money.amount_total | cents) as $total
    | ($a.adyen_response | part | part("SaleToPOIResponse") | part("TransactionStatusResponse")) as $nexo
    | ($nexo | part("Response")) as $outer
    | ($nexo.RepeatedMessageResponse | object) as $repeated
    | ($repeated.RepeatedResponseMessageBody | object | .PaymentResponse | object) as $payment
    | ($payment.Response | object) as $inner
    | ($outer.ErrorCondition | lower) as $asking
    | ($inner.ErrorCondition | lower) as $condition
    | ($nexo | part("MessageReference")) as $about
    | ($repeated | part("MessageHeader")) as $header
    # What Adyen says.
    | (if $a.adyen_response == null then "nothing"
       elif ([$nexo, $outer, $about, $header] | map(select(.strange == true)) | length) > 0 then "unclear"
       elif $about.MessageCategory != null and ($about.MessageCategory | lower) != "payment" then "another"
       elif $about.ServiceID != null and $header.ServiceID != null and $about.ServiceID != $header.ServiceID then "another"
       elif ($outer.Result | lower) == "failure" and $asking == "inprogress" then "running"
       elif ($outer.Result | lower) == "failure" and $asking == "notfound" then "not found"
       # The question itself failed, or was not answered.
       elif $outer.Result != null and ($outer.Result | lower) != "success" then "unclear"
       elif ($inner.Result | lower) == "success" then "success"
       elif ($inner.Result | lower) == "partial" then "partial"
       elif ($inner.Result | lower) != "failure" then "unclear"
       elif $condition == "inprogress" then "running"
       elif $condition == "notfound" then "unclear"
       # Adyen's list of conditions is not closed, but each is made of letters.
       elif $inner.ErrorCondition != null and ($condition | test("^[a-z ]{1,40}$") | not) then "unclear"
       else "failure" end) as $adyen
    | ($payment | part("PaymentResult") | part("AmountsResp")) as $approved
    | ($approved.AuthorizedAmount | euros) as $authorised
    # A total that is not amount and tip, and a sum or currency at Adyen that is another one, contradict what was paid.
    | (($money.strange != true and $approved.strange != true)
       and ($money.amount | fine) and ($money.amount_tip | fine) and ($money.amount_total | fine)
       and ($amount == null or $total == null or $amount + $tip == $total)
       and ($adyen != "success" or $approved.AuthorizedAmount == null or ($total != null and $authorised == $total))
       and ($approved.Currency == null or $approved.Currency == $money.currency)) as $sound
    # Approved in part, with the sum: what was paid is then another amount than was asked, and the check of amounts says so.
    | ($status == "success" and $adyen == "partial" and $authorised != null and $authorised != $requested) as $part
    | (if $status == "success" then
         (if $part then "PAID"
          elif $adyen == "running" then "OPEN"
          elif ($adyen == "success" or $adyen == "nothing") and $sound then "PAID"
          else "MANUAL" end)
       elif $status == "failure" then
         (if $adyen == "running" then "OPEN"
          # "Not found" alone proves nothing; with a failure told by Bavindo it agrees.
          elif $adyen == "failure" or $adyen == "nothing" or $adyen == "not found" then "NOT_PAID"
          else "MANUAL" end)
       elif $status == "inprogress" and ($adyen == "nothing" or $adyen == "running" or $adyen == "not found") then "STARTED"
       else "OPEN" end) as $state
    | (if $state != "NOT_PAID" then null
       elif $adyen == "failure" then ($condition | by_condition)
       else "PROVIDER_FAILED" end) as $code
    | (if $adyen == "failure" or $adyen == "unclear" then ($inner.ErrorCondition | word) else null end) as $why
    | ($inner.AdditionalResponse | additional) as $more
    | {
        state: $state,
        ending: (if $code == null then null else ($code | ending) end),
        code: $code,
        word: ($a.status
               + (if $why != null then " " + $why
                  elif $adyen == "nothing" or ($adyen == "success" and $status == "success") then ""
                  else " (Adyen: " + $adyen + ")" end)
               + (if $state == "MANUAL" and ($sound | not) then " (amounts differ)" else "" end)),
        providerTransactionId: $asked,
        amount: (if $part then $authorised else $amount end),
        tip: (if $state == "PAID" and ($part | not) then $tip else null end),
        receiptTotal: null,
        currency: ($money.currency | word),
        terminal: ($a.terminal_id | word | if . == null then null else hyphens end),
        ownReference: ($a.metadata | object | .pinbridge_payment | word),
        test: {"test": true, "live": false}[$a.environment | word // ""],
        paymentUrl: null,
        card: ($payment | card),
        receipts: ($payment | receipts),
        createdAt: ($a.date | utc),
        createdAtRaw: ($a.date | word),
        refunded: ($money.amount_refunded | cents),
        providerCode: (if $code != null then $why else null end),
        providerMessage: (if $code != null then (($more.refusalReason | word) // ($more.message | word)) else null end)
      }
  end
