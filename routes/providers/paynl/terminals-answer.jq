# A page of terminals, or one terminal. ONLINE and UNKNOWN are documented words; any other is handed on as it is.
def word: if type == "string" and . != "" then . else null end;
def object: if type == "object" then . else {} end;
def row:
  {
    id: (.code | word),
    name: (.name | word),
    active: (.status == "ACTIVE"),
    connection: (.connectionStatus | word),
    service: (.service | object | .code | word),
    refunds: (if (.paymentTypes | type) == "array" then (.paymentTypes | index("REFUND")) != null else null end)
  };

.answer.json as $a
| if ($a | type) != "object" then {readable: false, total: null, rows: []}
  elif ($a.terminals | type) == "array" then
    {readable: true, total: ($a.total | integer), rows: [$a.terminals[] | select(type == "object") | row]}
  elif ($a.code | word) != null and ($a | has("connectionStatus")) then {readable: true, total: 1, rows: [$a | row]}
  else {readable: false, total: null, rows: []}
  end
