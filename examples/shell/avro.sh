# Avro's binary form in bash, in hexadecimal: as much of it as a cancel needs. Sourced; wants LC_ALL=C, so that ${#text} is bytes.

# The fields of the schemas that `intent` and `outcome` know, in their order, with the names of the types between them.
INTENT="CancelIntent cancelId venue account orderId orderName strategyId clOrdId deadline override isAutomated requester\
 Requester algorithm trader desk client reason priority attributes createdAt massId"
OUTCOME="CancelOutcome cancel Cancel cancelId venue account orderId orderName strategyId clOrdId override isAutomated\
 requester Requester algorithm trader desk client reason priority createdAt deadline receivedAt intent Evidence topic\
 partition offset digest massId result CancelResult reason Reason text"

hexadecimal() { od -An -v -tx1 | tr -d ' \n'; }
binary() { printf "$(sed 's/../\\x&/g' <<<"$1")"; }

# --- writing ------------------------------------------------------------------------------------------------------------

# Zigzag, seven bits a byte, the lowest first; ints and the numbers of union branches, too.
long() {
  local n=$((($1 << 1) ^ ($1 >> 63)))
  while ((n > 127)); do
    printf %02x $((n & 127 | 128))
    n=$((n >> 7))
  done
  printf %02x "$n"
}
string() { long ${#1} && printf %s "$1" | hexadecimal; }
null() { printf 00; }
boolean() { printf "0$1"; }
# optional TYPE VALUE: empty is null, branch 0.
optional() { if [[ $2 ]]; then printf 02 && "$1" "$2"; else null; fi; }

# ID VENUE ACCOUNT ORDER_ID CL_ORD_ID DEADLINE TRADER REASON PRIORITY CREATED_AT [ATTRIBUTE=VALUE...]; empty: null
intent() {
  string "$1" && string "$2" && string "$3" && string "$4"
  null && null && optional string "$5" # orderName, strategyId, clOrdId
  optional long "$6"                   # deadline
  boolean 0 && boolean 1               # override, isAutomated
  printf 02                            # the requester: algorithm, trader, desk, client, reason
  null && optional string "$7" && null && null && optional string "$8"
  optional long "$9" # priority
  local created=${10} each
  shift 10
  if (($#)); then long $#; fi
  for each in "$@"; do string "${each%%=*}" && string "${each#*=}"; done
  printf 00 # the map's end
  long "$created"
  null # massId
}

# A part of the order key.
encode() {
  local i c
  for ((i = 0; i < ${#1}; i++)); do
    c=${1:i:1}
    case $c in
      [A-Za-z0-9._~-]) printf %s "$c" ;;
      *) printf %s "$c" | od -An -v -tx1 | tr a-f A-F | tr ' ' % | tr -d '\n' ;;
    esac
  done
}

# --- reading: takes from the front of `rest`, into `value` ----------------------------------------------------------------

take_long() {
  local byte=128 n=0 bits=0
  while ((byte & 128)); do
    byte=$((16#${rest:0:2}))
    rest=${rest:2}
    n=$((n | (byte & 127) << bits))
    bits=$((bits + 7))
  done
  value=$(((n >> 1) ^ -(n & 1)))
}
take_string() {
  take_long
  local length=$((value * 2))
  value=$(binary "${rest:0:length}")
  rest=${rest:length}
}
take_boolean() { value=${rest:1:1} rest=${rest:2}; }
take_optional() {
  take_long
  if ((value)); then "$1"; else value=; fi
}
take_requester() { for _ in 1 2 3 4 5; do take_optional take_string; done; }

# outcome BODY SCHEMA: its first fields, into cancel_id, result, reason and text.
outcome() {
  rest=$1
  take_string && cancel_id=$value
  take_string && take_string && take_string                                        # venue, account, orderId
  take_optional take_string && take_optional take_string && take_optional take_string # orderName, strategyId, clOrdId
  take_boolean && take_boolean && take_optional take_requester && take_optional take_long # override, isAutomated; priority
  take_long && take_long && take_long              # createdAt, deadline, receivedAt
  take_string && take_long && take_long            # where the intent stands
  take_string && take_optional take_string         # digest, massId
  take_long && result=$(symbol 1 "$value" "$2")    # enums: the symbol's number
  take_long && reason=$(symbol 2 "$value" "$2")
  take_string && text=$value
}

# --- schemas ------------------------------------------------------------------------------------------------------------

# The schema at an address of the registry, on one line.
schema() { curl -fsS --max-time 10 "$1" | tr -d '\\\n'; }

# Names of fields and types, in their order.
names() { grep -o '"name":"[A-Za-z]*"' <<<"$1" | cut -d '"' -f 4 | tr '\n' ' ' | sed 's/ $//'; }

# symbol ENUM NUMBER SCHEMA: of the schema's first or second enum, say.
symbol() { grep -o '"symbols":\[[^]]*\]' <<<"$3" | sed -n "$1p" | grep -o '"[A-Z_]*"' | sed -n "$(($2 + 1))p" | tr -d '"'; }

# version REGISTRY SUBJECT NAMES: the id of the newest registered schema that has these fields and no others.
version() {
  local each found=
  for each in $(curl -fsS --max-time 10 "$1/subjects/$2/versions" | tr -c 0-9 ' '); do
    if [[ $(names "$(schema "$1/subjects/$2/versions/$each")") == *"$3" ]]; then found=$each; fi
  done
  [[ $found ]] || { echo "no version of $2 has the fields that are known here" >&2 && return 1; }
  schema "$1/subjects/$2/versions/$found" | grep -o '"id":[0-9]*' | head -n 1 | cut -d : -f 2
}
