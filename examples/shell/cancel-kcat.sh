#!/usr/bin/env bash
# Cancels an order by kcat and waits for the outcome: BOOTSTRAP REGISTRY VENUE ACCOUNT ORDER_ID [CANCEL_ID]
# Needs curl and od, and a kcat of 1.7 or later: one without Avro will do, as Debian's.
set -euo pipefail
export LC_ALL=C
cd "$(dirname "${BASH_SOURCE[0]}")"
. ./avro.sh
bootstrap=$1 registry=$2 venue=$3 account=$4 order=$5 given=${6:-}
within=5 # seconds to the deadline; then the ledger's grace, and some more

id=${given:-$(cat /proc/sys/kernel/random/uuid)}
key=$(encode "$venue")/$(encode "$account")/$(encode "$order")
now=$(date +%s%6N)
places=(-o "s@$((now / 1000 - 1000))") # one second back, in milliseconds
if [[ $given ]]; then places=(-o beginning); fi # it may have been sent before

schema_id=$(version "$registry" cancel-intents-value "$INTENT")
body=$(intent "$id" "$venue" "$account" "$order" '' $((now + within * 1000000)) t1 'risk limit' '' "$now")
file=$(mktemp)
trap 'rm -f "$file"' EXIT
binary "00$(printf %08x "$schema_id")$body" >"$file"
kcat -P -q -b "$bootstrap" -t cancel-intents -k "$key" -X acks=all -X enable.idempotence=true \
  -X topic.partitioner=murmur2_random "$file"

until=$((SECONDS + within + 2 + 3)) seen=' '
while ((SECONDS < until)); do
  # First where the key's records are, as text; then each of these by itself, for bytes and lines do not go together.
  kcat -C -q -e -b "$bootstrap" -t cancel-outcomes "${places[@]}" -X isolation.level=read_committed \
    -f '%p %o %k\n' >"$file"
  while read -r partition offset its; do
    if [[ $its != "$key" || $seen == *" $partition@$offset "* ]]; then continue; fi
    seen+="$partition@$offset "
    hex=$(kcat -C -q -b "$bootstrap" -t cancel-outcomes -p "$partition" -o "$offset" -c 1 -f %s | hexadecimal)
    written=$(schema "$registry/schemas/ids/$((16#${hex:2:8}))")
    [[ "$(names "$written") " == "$OUTCOME "* ]] || { echo "outcomes have fields that are not known here" >&2 && exit 1; }
    outcome "${hex:10}" "$written"
    if [[ $cancel_id == "$id" ]]; then
      echo "$result $reason $key $id: $text"
      case $result in CANCELED) exit 0 ;; PENDING) exit 3 ;; REJECTED) exit 4 ;; *) exit 5 ;; esac
    fi
  done <"$file"
  sleep 0.2
done
echo "no outcome of $key $id: the order may be open or not; send the same id again"
exit 6
