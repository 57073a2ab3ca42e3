# The answer to instore/transactions/last_transaction to a list of one. The vendor's client reads the row itself; below "transaction"
# it is found as well, as status has it. 404, that there is none, proves nothing. What it says of the money is not read here: status is asked.
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

.answer.json as $a
| (if ($a | type) != "object" then null
   elif ($a.transaction | type) == "object" then $a.transaction
   else $a end) as $row
| (if $row == null then null else ($row.transaction_id | id) end) as $id
| if $id == null then {readable: false, rows: []}
  else
    {
      readable: true,
      limit: null,
      rows: [{
        state: "OPEN",
        kind: null,
        word: ($row.status | word),
        providerTransactionId: $id,
        amount: ($row.amount | cents),
        currency: null,
        terminal: ($row.terminal | id),
        ownReference: ($row.own_reference | word),
        createdAt: ($row.created_at | utc),
        createdAtRaw: ($row.created_at | raw)
      }]
    }
  end
