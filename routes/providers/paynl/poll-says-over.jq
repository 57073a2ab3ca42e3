# Whether the answer without credentials is a reason to ask with them: the order is over or reserved, or PAY. will not say to somebody
# whom it does not know. Where nobody answered, or the provider is in trouble, there is nothing to ask.
.answer as $answer
| [95, 97, 100, -60, -61, -63, -64, -70, -71, -72, -80, -81, -82, -90] as $over
| if $answer.status == null or $answer.status == 429 or $answer.status >= 500 then false
  elif ($answer.json | type) != "object" or ($answer.json.status | type) != "object" then true
  else $answer.json.status.code as $code | ($over | index($code)) != null
  end
