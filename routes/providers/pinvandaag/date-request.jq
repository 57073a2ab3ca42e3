# One page of a terminal's list: the form of instore/transactions/date. The bridge adds terminalId and key.
# Days are written YYYY-MM-DD; pages count from 1.
.list as $list
| if ($list.page | integer) == null or $list.page < 1 then error("pages count from 1") else . end
| {form: {from: $list.from, to: $list.to, page: ($list.page | tostring)}}
