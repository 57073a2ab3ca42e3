# A transaction to a reading: the truth. What a success means is told by the transaction's type.
def word: if type == "string" and . != "" then . else null end;
def object: if type == "object" then . else {} end;
def utc: . as $raw | try ($raw | epoch_ms_to_utc) catch null;
# A number or a text, never by way of a float. (C)
def cents:
  . as $raw
  | if type == "number" then (try ($raw | number_to_minor) catch null)
    elif type == "string" then (try ($raw | minor) catch null)
    else null end;
def https: if type == "string" and startswith("https://") then . else null end;

def by_failure:
  {
    card_refused: "DECLINED", rejected: "DECLINED", insufficient_funds: "DECLINED", unsufficient_balance: "DECLINED",
    fraud_detected: "DECLINED",
    cancelled: "CANCELLED_AT_TERMINAL",
    expired: "TIMED_OUT_AT_TERMINAL",
    processing_error: "PROVIDER_FAILED"
  }[. // ""] // "PROVIDER_FAILED";
def ending:
  {
    DECLINED: "DECLINED", CANCELLED_AT_TERMINAL: "CANCELLED", TIMED_OUT_AT_TERMINAL: "EXPIRED", PROVIDER_FAILED: "FAILED"
  }[.];

# Captures and reversals of an authorisation that have succeeded; null where nothing is told of them. (E, F)
def related($type):
  if (.relatedTransactions | type) != "array" then null
  else [.relatedTransactions[] | select(type == "object" and (.type | word) == $type and .status == "success") | .amount | cents]
  end;
def sum: if . == null or any(.[]; . == null) then null else (add // 0) end;

# JSON text of a list of lines, or lines as they are. What cannot be read is left out: a receipt never fails a payment.
def lines:
  if type != "string" or . == "" then []
  else lenient_json as $parsed
    | if ($parsed | type) == "array" then [$parsed[] | select(type == "string") | gsub("\r"; "")]
      elif $parsed == null then (gsub("\r"; "") | split("\n"))
      else [] end
  end;
def receipts:
  {customer: (.customerReceipt | lines), merchant: (.merchantReceipt | lines)}
  | if .customer == [] and .merchant == [] then null else . end;
def masked: if type == "string" and test("[xX*]{3}") and (test("[0-9]{11}") | not) then . else null end;
def card($details):
  (.brand | word) as $brand
  | ($details.maskedPan | masked) as $pan
  | if $brand == null and $pan == null then null else {brand: $brand, maskedPan: $pan} end;

# Our reference. That of a refund stands in its description; its merchantOrderReference may be that of the payment, which proves nothing
# of either. (H)
def own($job):
  (.merchantOrderReference | word) as $merchant
  | ((.description | word) // "" | split(" ") | first // "") as $described
  | if $job.original == null or $merchant == $job.payment.ownReference then $merchant
    elif $described == $job.payment.ownReference then $described
    elif $merchant == $job.original.ownReference then null
    else $merchant end;

.job as $job
| .answer.json as $a
| if ($a | type) != "object" or ($a.reference | word) == null or ($a.status | word) == null
     or $a.reference != $job.payment.providerTransactionId
     # A refund of something else.
     or ($job.original != null and $a.originalReference != null
         and $a.originalReference != $job.original.providerTransactionId) then
    {state: "UNREADABLE", providerTransactionId: (if ($a | type) == "object" then ($a.reference | word) else null end), word: null}
  else
    ($a.details | object) as $details
    | ($a.type | word) as $type
    | (if $a.status == "pending" then "STARTED"
       elif $a.status == "manualintervention" then "MANUAL"
       elif $a.status == "failed" then "NOT_PAID"
       elif $a.status != "success" then "OPEN"
       elif $type == "authorise" and $job.original == null then "AUTHORISED"
       elif $type == "sale" and $job.original == null then "PAID"
       elif $type == "refund" and $job.original != null then "PAID"
       # A success of something that was not asked for, or of nobody knows what (M): for a person.
       else "OPEN" end) as $state
    | ($a.failureCode | word) as $failure
    | (if $state == "NOT_PAID" then ($failure | by_failure) else null end) as $error
    # Less may have been approved than was asked for. (K)
    | (if $job.original == null and $details.authorisedAmount != null then $details.authorisedAmount else $a.amount end | cents) as $amount
    | {
        state: $state,
        ending: (if $error == null then null else ($error | ending) end),
        code: $error,
        word: $a.status,
        providerTransactionId: $a.reference,
        amount: $amount,
        receiptTotal: null,
        currency: ($a.currency | word | if . == null then null else ascii_upcase end),
        terminal: ($details.terminalId | word),
        ownReference: ($a | own($job)),
        test: null,
        paymentUrl: ($a.payUrl | https),
        card: ($a | card($details)),
        receipts: ($details | receipts),
        createdAt: ($a.created | utc),
        createdAtRaw: (if $a.created == null then null else ($a.created | tostring) end),
        authorised: (if $state == "AUTHORISED" then $amount else null end),
        captured: (if $state == "AUTHORISED" then ($a | related("capture") | sum) else null end),
        # What was reversed is gone whole, whatever amount is told of it.
        released: (if $state == "AUTHORISED" and (($a | related("reversal")) // []) != [] then $amount else null end),
        providerCode: (if $error == null then null else $failure end),
        providerMessage: null
      }
  end
