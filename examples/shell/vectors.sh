#!/usr/bin/env bash
# Checks avro.sh against the page: REGISTRY ANY_CLIENT_MD
set -euo pipefail
export LC_ALL=C
. "$(dirname "${BASH_SOURCE[0]}")/avro.sh"
block() { awk -v wanted="$2" '/^```$/ { on = 0 } on { print } /^```base64$/ { on = ++number == wanted }' "$1"; }
same() { [[ $1 == "$2" ]] || { printf 'FAILED: %s is\n%s\nnot\n%s\n' "$3" "$1" "$2" && exit 1; }; }

# The page's first vector by its values, which stand in its JSON.
json=$(grep -m 1 '^{"cancelId"' "$2")
of() { grep -oP "\"$1\": (\\{\"(string|long|int)\": )?\"?\\K[^\",}]+" <<<"$json" | head -n 1; }
written=$(intent "$(of cancelId)" "$(of venue)" "$(of account)" "$(of orderId)" "$(of clOrdId)" "$(of deadline)" \
  "$(of trader)" "$(of reason | tail -n 1)" "$(of priority)" "$(of createdAt)" "batch=$(of batch)")
same "$(binary "$written" | base64 -w 0)" "$(block "$2" 1 | tr -d "\n")" "the intent"
version "$1" cancel-intents-value "$INTENT" >/dev/null

# And its second.
schema=$(schema "$1/subjects/cancel-outcomes-value/versions/latest/schema")
same "$(names "$schema" | cut -c "1-${#OUTCOME}")" "$OUTCOME" "the list of an outcome's fields"
outcome "$(block "$2" 2 | base64 -d | hexadecimal)" "$schema"
json=$(grep -m 1 '^{"cancel"' "$2")
same "$cancel_id $result $text" "$(of cancelId) $(of result) $(of text)" "the outcome"
same "$reason" "$(grep -oP '"reason": "\K[A-Z_]+' <<<"$json")" "its reason"
key=$(encode "$(of venue)")/$(encode "$(of account)")/$(encode "$(of orderId)")
grep -qF "\`$key\`" "$2" || { echo "FAILED: the page has no key $key" && exit 1; }
echo "shell: both vectors, the intent written, the outcome read; the key"
