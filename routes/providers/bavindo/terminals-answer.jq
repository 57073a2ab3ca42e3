# The store's terminals. The shape is assumed: a list, or an object that holds one. A terminal's status is its last event and no state.
def word: if type == "string" and . != "" then . else null end;
def row:
  {
    id: (.terminal_id | word | if . == null then null else gsub("\u2011"; "-") end),
    lastEvent: (.status | word),
    # outoforder and shutdown say that nobody can pay there; of the others nothing can be told.
    active: (if .status == "initialised" then true
             elif .status == "outoforder" or .status == "shutdown" or .status == "beginmaintenance" then false
             else null end)
  };

.answer.json as $a
| (if ($a | type) == "array" then $a
   elif ($a | type) == "object" then
     ([$a.terminals, $a.connected_terminals, $a.data] | map(select(type == "array")) | first // null)
   else null end) as $list
| if $list == null or ($list | map(select(type != "object" or (.terminal_id | word) == null)) | length) > 0 then
    {readable: false, total: null, rows: []}
  else
    {readable: true, total: ($list | length), rows: [$list[] | row]}
  end
