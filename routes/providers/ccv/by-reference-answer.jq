# A list of transactions (D), as sightings. Nothing of the money is read here: what carries our reference is asked about with status.
def word: if type == "string" and . != "" then . else null end;
def utc: . as $raw | try ($raw | epoch_ms_to_utc) catch null;
def cents:
  . as $raw
  | if type == "number" then (try ($raw | number_to_minor) catch null)
    elif type == "string" then (try ($raw | minor) catch null)
    else null end;
# As in status-answer.jq. (H)
def own($job):
  (.merchantOrderReference | word) as $merchant
  | ((.description | word) // "" | split(" ") | first // "") as $described
  | if $job.original == null or $merchant == $job.payment.ownReference then $merchant
    elif $described == $job.payment.ownReference then $described
    elif $merchant == $job.original.ownReference then null
    else $merchant end;
def kind: {sale: "PAYMENT", authorise: "PAYMENT", refund: "REFUND"}[. // ""];

.job as $job
| .answer.json as $a
| if ($a | type) != "array" then {readable: false, limit: null, rows: []}
  else
    {
      readable: true,
      limit: null,
      rows: [
        $a[]
        | select(type == "object" and (.reference | word) != null)
        # A search that is not heeded shows whatever there is: only what carries our own reference counts.
        | select($job.payment.ownReference != null and own($job) == $job.payment.ownReference)
        | {
            state: "OPEN",
            kind: (.type | word | kind),
            word: (.status | word),
            providerTransactionId: .reference,
            amount: (.amount | cents),
            currency: (.currency | word | if . == null then null else ascii_upcase end),
            terminal: (if (.details | type) == "object" then (.details.terminalId | word) else null end),
            ownReference: own($job),
            createdAt: (.created | utc),
            createdAtRaw: (if .created == null then null else (.created | tostring) end)
          }
      ]
    }
  end
