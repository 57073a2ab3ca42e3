# The answer to instore/transactions/status to a reading.
# success is paid, failed is not paid, manualintervention is for a person, every other word is not the end.
def id: if type == "string" and . != "" then . elif integer != null then tostring else null end;
def word: if type == "string" then . else null end;
def utc: . as $raw | try ($raw | local_to_utc("Europe/Amsterdam")) catch null;

# How a payment that did not happen ended: Worldline's incident codes, then CCV's words.
def by_incident:
  {
    "2628": "CANCELLED", "2629": "CANCELLED",
    "1803": "EXPIRED", "4100": "EXPIRED", "4101": "EXPIRED",
    "2631": "DECLINED"
  }[.];
def by_word:
  {
    card_refused: "DECLINED", rejected: "DECLINED", insufficient_funds: "DECLINED",
    unsufficient_balance: "DECLINED", fraud_detected: "DECLINED",
    cancelled: "CANCELLED", expired: "EXPIRED", processing_error: "FAILED"
  }[.];
def error_code:
  {
    DECLINED: "DECLINED", CANCELLED: "CANCELLED_AT_TERMINAL",
    EXPIRED: "TIMED_OUT_AT_TERMINAL", FAILED: "PROVIDER_FAILED"
  }[.];

# Receipts come as text that holds JSON: CCV's lines, Worldline's pairs [number, line]; clients have also met plain
# lists and an object {"customer": "[…]"}. What has no known shape is left out: a receipt never fails a payment.
def line:
  if type == "string" then gsub("\r"; "")
  elif type == "array" and length > 0 and (last | type) == "string" then last | gsub("\r"; "")
  else empty end;
def lines:
  (if type == "string" then . as $text | (lenient_json | if . == null then ($text | split("\n")) else . end) else . end)
  | if type == "array" then [.[] | line] else [] end;
def receipts:
  (if (.receipt | type) == "string" then (.receipt | lenient_json) else .receipt end) as $receipt
  | if ($receipt | type) == "object" then
      {customer: ($receipt.customer | lines), merchant: (($receipt.merchant // .journalReceipt) | lines)}
    else
      {customer: (.receipt | lines), merchant: (.journalReceipt | lines)}
    end
  | if .customer == [] and .merchant == [] then null else . end;

# The total that the receipt prints, in cents; null unless all totals on it agree.
def printed_total:
  [.[] | capture("^ *Totaal: *(?<whole>[0-9]{1,3}([.][0-9]{3})*|[0-9]+),(?<cents>[0-9]{2}) *EUR *$")
       | (.whole | gsub("[.]"; "")) + "." + .cents | minor]
  | unique
  | if length == 1 then .[0] else null end;
def masked_pan:
  [.[] | capture("^ *Kaart: *(?<pan>[0-9xX*]{8,24}) *$").pan | select(test("[xX*]{3}"))] | first;
# The application on the card (ISO 7816-5), by its registered provider and product.
def application: [.[] | capture("[(](?<aid>A[0-9A-F]{9,31})[)]").aid] | first;
def scheme:
  if . == null then null
  elif startswith("A0000000043060") then "Maestro"
  elif startswith("A000000004") then "Mastercard"
  elif startswith("A0000000032020") then "V PAY"
  elif startswith("A000000003") then "Visa"
  elif startswith("A000000025") then "American Express"
  else null end;
def card:
  (masked_pan) as $pan | (application | scheme) as $brand
  | if $pan == null and $brand == null then null else {brand: $brand, maskedPan: $pan} end;

.job.payment.providerTransactionId as $asked
| .answer.json as $a
| if ($a | type) != "object" then
    {state: "UNREADABLE", providerTransactionId: null, word: null}
  else
    ($a.transactionId | id) as $id
    | ($a.status | word) as $word
    | if $id == null or $id != $asked or ($a.amount | integer) == null then
        {state: "UNREADABLE", providerTransactionId: $id, word: $word}
      else
        (try ($a | receipts) catch null) as $receipts
        | (($receipts.customer // []) + ($receipts.merchant // [])) as $printed
        | (try ($printed | printed_total) catch null) as $total
        | ($a.incidentCode | id) as $incident
        | ($a.errorMsg | word) as $message
        | (if $word == "failed"
           then ((($incident // "") | by_incident) // (($message // "") | by_word) // "FAILED")
           else null end) as $ending
        | {
            state: (if $word == "success" then "PAID"
                    elif $word == "failed" then "NOT_PAID"
                    elif $word == "manualintervention" then "MANUAL"
                    elif $word == "started" then "STARTED"
                    else "OPEN" end),
            ending: $ending,
            # 2628 is a till that calls off: the bridge knows whether that was a cancel command. 2629 is the customer.
            code: (if $ending == null then null
                   elif $incident == "2628" then "CANCELLED_BY_COMMAND"
                   else ($ending | error_code) end),
            word: $word,
            providerTransactionId: $id,
            amount: $a.amount,
            receiptTotal: $total,
            currency: (if $total == null then null else "EUR" end),
            terminal: ($a.terminal | id),
            ownReference: ($a.ownReference | word),
            test: null,
            paymentUrl: (if ($a.paymentUrl | type) == "string" and ($a.paymentUrl | startswith("https://"))
                         then $a.paymentUrl else null end),
            card: (try ($printed | card) catch null),
            receipts: $receipts,
            createdAt: ($a.createdAt | utc),
            createdAtRaw: ($a.createdAt | word),
            providerCode: ($incident // $message),
            providerMessage: $message
          }
      end
  end
