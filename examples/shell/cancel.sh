#!/usr/bin/env bash
# Cancels an order through the door and waits for the outcome: DOOR VENUE ACCOUNT ORDER_ID [CANCEL_ID]; the token is in $TOKEN.
# Plain values only: quotes and backslashes in them would have to be escaped for JSON.
set -euo pipefail
door=$1 venue=$2 account=$3 order=$4 id=${5:-$(cat /proc/sys/kernel/random/uuid)}

# The header with the token by a file, for everybody may read a command line.
answer=$(curl -sS --max-time 20 "$door/v1/cancels" \
  -H @<(printf 'Authorization: Bearer %s\n' "$TOKEN") \
  -H 'Content-Type: application/json' -H "Idempotency-Key: $id" -H 'Prefer: wait=15' \
  -d "{\"venue\":\"$venue\",\"account\":\"$account\",\"orderId\":\"$order\",\"reason\":\"risk limit\"}") ||
  { echo "no answer: it may be published or not; send it again with the id $id" >&2 && exit 6; }
printf '%s\n' "$answer"
case $answer in
  *'"result":"CANCELED"'*) exit 0 ;;
  *'"result":"PENDING"'*) exit 3 ;;
  *'"result":"REJECTED"'*) exit 4 ;;
  *'"result":null'*) exit 6 ;; # no outcome yet
  *'"result":'*) exit 5 ;;
  *) exit 1 ;; # a problem, and its detail says what to do
esac
