# The answer to instore/transactions/getLatestTransaction to a list of one. The vendor's page leaves it out; the vendor's own
# client reads the transaction below "data", and so does this. What it says of the money is not read here: status is asked.
def id: if type == "string" and . != "" then . elif integer != null then tostring else null end;
def word: if type == "string" then . else null end;
def utc: . as $raw | try ($raw | local_to_utc("Europe/Amsterdam")) catch null;

.answer.json as $a
| (if ($a | type) == "object" and ($a.data | type) == "object" then $a.data else $a end) as $row
| (if ($row | type) == "object" then ($row.transactionId // $row.transaction_id // $row.id | id) else null end) as $id
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
        amount: ($row.amount | integer),
        currency: null,
        terminal: ($row.terminal | id),
        ownReference: ($row.ownReference // $row.own_reference | word),
        createdAt: ($row.createdAt // $row.created_at | utc),
        createdAtRaw: ($row.createdAt // $row.created_at | word)
      }]
    }
  end
