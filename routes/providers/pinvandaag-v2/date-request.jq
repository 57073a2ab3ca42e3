# One page of a terminal's list: GET instore/transactions/{terminal}/{limit}/{page}/. The bridge adds the key.
# The bridge asks for days of the Dutch calendar, from and to inclusive; the list wants Unix seconds: from the first second of the one
# day to the last of the other, also where a day has 23 or 25 hours. Pages count from 1 and hold 100 rows at most.
def seconds($clock): (. + " " + $clock) | local_to_utc("Europe/Amsterdam") | fromdateiso8601;

.list as $list
| if ($list.page | integer) == null or $list.page < 1 then error("pages count from 1") else . end
| {
    path: {terminal: .terminal.id, limit: 100, page: $list.page},
    query: {datefrom: ($list.from | seconds("00:00:00")), dateto: ($list.to | seconds("23:59:59"))}
  }
