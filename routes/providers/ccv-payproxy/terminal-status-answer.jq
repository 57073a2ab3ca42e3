# The state of a terminal, never that of a payment. IDLE and READY are documented as ready for use; every word is handed on as it is.
def word: if type == "string" and . != "" then . else null end;

.answer.json as $a
| (if ($a | type) == "object" then ($a.status | word) else null end) as $status
| if $status == null or ($status | ascii_upcase) != "SUCCESS"
  then {readable: false, ready: null, id: null, action: null, state: null}
  else
    {
      readable: true,
      ready: ($a.terminalState == "IDLE" or $a.terminalState == "READY"),
      id: ($a.terminalId | word),
      action: ($a.terminalAction | word),
      state: ($a.terminalState | word)
    }
  end
