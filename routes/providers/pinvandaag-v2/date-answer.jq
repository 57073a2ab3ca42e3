# The answer to GET instore/transactions/{terminal}/{limit}/{page}/ to one page of readings: {status, message, page, limit, transactions}
# as the vendor's client reads it. A page that says "error", or has no list, is no empty page.
def id: if type == "string" and . != "" then . elif integer != null then tostring else null end;
def word: if type == "string" and . != "" then . else null end;
def cents:
  if integer != null then .
  elif type == "string" and test("^-?[0-9]{1,12}$") then tonumber
  else null end;
# Written by the Dutch clock, with an offset, or as Unix seconds (C).
def utc:
  . as $raw
  | if type == "string" then
      ((try ($raw | local_to_utc("Europe/Amsterdam")) catch null) // (try ($raw | offset_to_utc) catch null))
    elif integer != null and . > 0 and . < 100000000000 then todateiso8601
    else null end;
def raw: if integer != null then tostring else word end;

# A row may be marked as a refund, by a type or by its sign: that is believed; nothing is guessed (D).
def kind:
  (.type // .transaction_type | word) as $type
  | (.amount | cents) as $amount
  | if $type != null and ($type | ascii_downcase | test("refund|terugbetaling|retour")) then "REFUND"
    elif $amount != null and $amount < 0 then "REFUND"
    elif $type != null and ($type | ascii_downcase | test("payment|betaling|sale|purchase")) then "PAYMENT"
    else null end;

def state:
  if . == "success" then "PAID"
  elif . == "failed" then "NOT_PAID"
  elif . == "manualintervention" then "MANUAL"
  elif . == "started" or . == "pending" then "STARTED"
  else "OPEN" end;

def reading:
  (.amount | cents) as $amount
  | {
      state: (.status | word | state),
      kind: kind,
      word: (.status | word),
      # id is the number of the row, not of the transaction.
      providerTransactionId: (.transaction_id | id),
      amount: (if $amount != null and $amount < 0 then -$amount else $amount end),
      currency: (.currency | word),
      terminal: (.terminal | id),
      ownReference: (.own_reference | word),
      createdAt: (.created_at | utc),
      createdAtRaw: (.created_at | raw),
      providerCode: ((.incident_code | id) // (.error_msg | word)),
      providerMessage: (.error_msg | word)
    };

.answer.json as $a
| if ($a | type) != "object" or ($a.status != null and $a.status != "success") or ($a.transactions | type) != "array" then
    {readable: false, rows: []}
  else
    {
      readable: true,
      limit: ($a.limit | integer),
      rows: [$a.transactions[] | if type == "object" then reading else {state: "UNREADABLE"} end]
    }
  end
