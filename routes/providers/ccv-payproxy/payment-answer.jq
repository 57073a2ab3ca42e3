# The answer to a SALE or a CAPTURE, which is its end: nothing more can be asked. What is not understood is for a person.
# The sample of a SALE holds status twice: that is read where both say the same. The e-journal is opaque, and stays in the evidence.
def word: if type == "string" and . != "" then . else null end;
def utc: . as $raw | try ($raw | offset_to_utc) catch null;

# A receipt is a list of lines, as JSON in a text; a text that is none is kept as it stands.
def lines:
  word as $text
  | if $text == null then null
    else ($text | lenient_json) as $list
      | if ($list | type) == "array" then [$list[] | if type == "string" then . else tojson end]
        else ($text | split("\n")) end
    end;

# Decimal text, or a number with the same meaning, to cents; null where it is neither. (I)
def cents:
  if type == "string" then (. as $text | try ($text | minor) catch null)
  elif type == "number" then (. as $number | try ($number | number_to_minor) catch null)
  else null end;

# Words that say of themselves that it is not over, not known, or went well: none of them says that no money moved. (B)
def leaves_open:
  test("PENDING|PROGRESS|PROCESS|BUSY|WAIT|QUEUE|START|OPEN|RUNNING|UNKNOWN|UNDEFINED|TIME|LOST|DOUBT|PARTIAL|ACCEPT|APPROV|AUTHORI")
  or test("PAID|CAPTUR|COMPLET|DONE|RECOVER|REPRINT|REPEAT|CONNECT|COMMUNICAT|MANUAL|(^|_)OK(_|$)|SUCCE");

def unreadable($word): {state: "UNREADABLE", providerTransactionId: null, word: $word};

.job as $job
| (if .answer.json != null then .answer.json else (.answer.text | doubled_json) end) as $a
| (if ($a | type) == "object" then ($a.status | word) else null end) as $word
| if $word == null then unreadable(null)
  elif ($word | ascii_upcase) == "SUCCESS" then
    (if $a.amount == null then $job.command.amount.value else ($a.amount | cents) end) as $amount
    | if ($amount | integer) == null or ($a.currency != null and ($a.currency | word) == null) then unreadable($word)
      else
        {
          state: "PAID",
          ending: null,
          code: null,
          word: $word,
          providerTransactionId: (if ($job.number | integer) == null then null else ($job.number | tostring) end),
          amount: $amount,
          receiptTotal: null,
          currency: ($a.currency | word | if . == null then null else ascii_upcase end),
          terminal: null,
          ownReference: null,
          test: null,
          paymentUrl: null,
          card: (($a.card | word) as $brand | if $brand == null then null else {brand: $brand, maskedPan: null} end),
          receipts: (
            {customer: ($a.customerReceipt | lines), merchant: (($a.merchantReceipt | lines) // ($a.journalReceipt | lines))}
            | if .customer == null and .merchant == null then null else . end
          ),
          createdAt: ($a.timestamp | utc),
          createdAtRaw: ($a.timestamp | word),
          providerCode: null,
          providerMessage: null
        }
      end
  elif ($word | test("^[A-Z][A-Z0-9_]*$")) and ($word | leaves_open | not) then
    {
      state: "NOT_PAID",
      ending: "FAILED",
      code: "PROVIDER_FAILED",
      word: $word,
      providerTransactionId: (if ($job.number | integer) == null then null else ($job.number | tostring) end),
      amount: null,
      receiptTotal: null,
      currency: null,
      terminal: null,
      ownReference: null,
      test: null,
      paymentUrl: null,
      card: null,
      receipts: (
        {customer: ($a.customerReceipt | lines), merchant: (($a.merchantReceipt | lines) // ($a.journalReceipt | lines))}
        | if .customer == null and .merchant == null then null else . end
      ),
      createdAt: ($a.timestamp | utc),
      createdAtRaw: ($a.timestamp | word),
      providerCode: $word,
      providerMessage: null
    }
  else unreadable($word) end
