# The answer to instore/transactions/date to one page of readings. The vendor documents no answer, so every shape that a
# vendor's client was ever seen to read is taken: a bare list, the list under "transactions" or "data", or an object whose
# values are the rows; names in camelCase or snake_case.
def id: if type == "string" and . != "" then . elif integer != null then tostring else null end;
def word: if type == "string" then . else null end;
def utc: . as $raw | try ($raw | local_to_utc("Europe/Amsterdam")) catch null;
def is_row: type == "object" and ((.transactionId // .transaction_id // .id) != null);

def rows:
  if type == "array" then .
  elif type == "object" then
    if (.transactions | type) == "array" then .transactions
    elif (.data | type) == "array" then .data
    elif (.transactions | type) == "object" then [.transactions[]]
    elif (.data | type) == "object" then [.data[]]
    elif . == {} then []
    else [.[] | select(type == "object")] | if . != [] and all(is_row) then . else null end
    end
  else null end;

# Some servers send the amount as text; anything but whole cents is not read.
def cents:
  if integer != null then .
  elif type == "string" and test("^-?[0-9]{1,12}$") then tonumber
  else null end;

# V1 marks no refund. Where a row does, by a type or by its sign, that is believed; nothing is guessed.
def kind:
  (.type // .transactionType // .transaction_type | word) as $type
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
  (.transactionId // .transaction_id // .id | id) as $id
  | (.status | word) as $word
  | (.amount | cents) as $amount
  | (.createdAt // .created_at) as $created
  | {
      state: ($word | state),
      kind: kind,
      word: $word,
      providerTransactionId: $id,
      amount: (if $amount != null and $amount < 0 then -$amount else $amount end),
      currency: (.currency | word),
      terminal: (.terminal | id),
      ownReference: (.ownReference // .own_reference | word),
      createdAt: ($created | utc),
      createdAtRaw: ($created | word),
      providerCode: ((.incidentCode // .incident_code | id) // (.errorMsg // .error_msg | word)),
      providerMessage: (.errorMsg // .error_msg | word)
    };

.answer.json as $a
| (try ($a | rows) catch null) as $rows
| if $rows == null then {readable: false, rows: []}
  else
    {
      readable: true,
      limit: (if ($a | type) == "object" then ($a.limit | integer) else null end),
      rows: [$rows[] | if type == "object" then reading else {state: "UNREADABLE"} end]
    }
  end
