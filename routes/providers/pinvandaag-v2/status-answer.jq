# The answer to instore/transactions/status to a reading. It is nested: the status at the top says only whether the call worked; the
# payment's own is transaction.status, and where that is missing, on some Worldline terminals, worldline.status.
# success is paid, failed is not paid, manualintervention is for a person, every other word is not the end.
def id: if type == "string" and . != "" then . elif integer != null then tostring else null end;
def word: if type == "string" and . != "" then . else null end;
def cents:
  if integer != null then .
  elif type == "string" and test("^[0-9]{1,12}$") then tonumber
  else null end;
# Written by the Dutch clock, with an offset, or as Unix seconds (C).
def utc:
  . as $raw
  | if type == "string" then
      ((try ($raw | local_to_utc("Europe/Amsterdam")) catch null) // (try ($raw | offset_to_utc) catch null))
    elif integer != null and . > 0 and . < 100000000000 then todateiso8601
    else null end;
def raw: if integer != null then tostring else word end;

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

# Receipts come as text that holds JSON: CCV's lines, Worldline's pairs [number, line]; the vendor's clients also read plain lists,
# lists whose items are such text again, and an object {"customer": …}. What has no known shape is left out: a receipt never fails a
# payment.
def flat:
  if type == "string" then gsub("\r"; "")
  elif type == "array" and length > 0 and (last | type) == "string" then last | gsub("\r"; "")
  else empty end;
def line:
  if type == "string" then
    lenient_json as $inner
    | if ($inner | type) == "array" then $inner[] | flat else flat end
  else flat end;
def lines:
  (if type == "string" then . as $text | (lenient_json | if . == null then ($text | split("\n")) else . end) else . end)
  | if type == "array" then [.[] | line] else [] end;
def receipts:
  (if (.receipt | type) == "string" then (.receipt | lenient_json) else .receipt end) as $receipt
  | if ($receipt | type) == "object" then
      {customer: ($receipt.customer | lines), merchant: ($receipt.merchant | lines)}
    else
      {customer: (.receipt | lines), merchant: []}
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

# A receipt that is there at all: what cannot be read of it is no reason to doubt the payment.
def printed: . != null and . != "" and . != [] and . != {} and . != "[]" and . != "{}";

.job.payment.providerTransactionId as $asked
| .answer.json as $a
| if ($a | type) != "object" then
    {state: "UNREADABLE", providerTransactionId: null, word: null}
  elif $a.status != "success" then
    {state: "UNREADABLE", providerTransactionId: null, word: ($a.status | word)}
  else
    (if ($a.transaction | type) == "object" then $a.transaction else {} end) as $t
    | (if ($a.worldline | type) == "object" then $a.worldline else {} end) as $w
    | ($t.transaction_id | id) as $id
    | (($t.status | word) // ($w.status | word)) as $word
    | ($t.amount | cents) as $amount
    | if $id == null or $id != $asked or $amount == null then
        {state: "UNREADABLE", providerTransactionId: $id, word: $word}
      else
        (try ($t | receipts) catch null) as $receipts
        | (($receipts.customer // []) + ($receipts.merchant // [])) as $printed
        | (try ($printed | printed_total) catch null) as $total
        | ($t.incident_code | id) as $incident
        | (($t.error_msg | word) // ($w.errormsg | word)) as $message
        | (if $word == "failed"
           then ((($incident // "") | by_incident) // (($message // "") | by_word) // "FAILED")
           else null end) as $ending
        | {
            # A success that has no receipt yet is looked at again; one that never gets any goes to a person (E).
            state: (if $word == "success" and ($t.which_api | word) != null and ($t.receipt | printed | not) then "OPEN"
                    elif $word == "success" then "PAID"
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
            amount: $amount,
            receiptTotal: $total,
            currency: (if $total == null then null else "EUR" end),
            terminal: ($t.terminal | id),
            ownReference: ($t.own_reference | word),
            test: null,
            paymentUrl: (($t.payment_url | word) as $url
                         | if $url != null and ($url | startswith("https://")) then $url else null end),
            card: (try ($printed | card) catch null),
            receipts: $receipts,
            createdAt: ($t.created_at | utc),
            createdAtRaw: ($t.created_at | raw),
            providerCode: ($incident // $message),
            providerMessage: $message
          }
      end
  end
