#!/usr/bin/python3
"""Cancels an order and waits for the outcome: BOOTSTRAP REGISTRY VENUE ACCOUNT ORDER_ID [CANCEL_ID]"""
import sys
import time
import uuid
from datetime import datetime, timedelta, timezone

from confluent_kafka import Consumer, Producer, TopicPartition

from countermand import Registry, order_key

WITHIN = 5  # seconds to the deadline; then the ledger's grace, and some more
WAIT = WITHIN + 2 + 3
EXIT = {"CANCELED": 0, "PENDING": 3, "REJECTED": 4, "UNRESOLVED": 5}
TOPIC = "cancel-outcomes"


def main(bootstrap, registry_url, venue, account, order_id, given=None):
    registry = Registry(registry_url)
    cancel_id = given or str(uuid.uuid4())
    key = order_key(venue, account, order_id)

    # First where the topic ends, then the intent. An id that was given may have been sent before: its outcome may be there.
    consumer = Consumer({
        "bootstrap.servers": bootstrap,
        "group.id": "cancel.py",  # must be there; no group is joined, and nothing committed
        "enable.auto.commit": False,
        "isolation.level": "read_committed",
    })
    places = []
    for number in consumer.list_topics(TOPIC, timeout=10).topics[TOPIC].partitions:
        low, high = consumer.get_watermark_offsets(TopicPartition(TOPIC, number), timeout=10)
        places.append(TopicPartition(TOPIC, number, low if given else high))
    consumer.assign(places)

    now = datetime.now(timezone.utc)
    intent = {
        "cancelId": cancel_id, "venue": venue, "account": account, "orderId": order_id,
        "deadline": now + timedelta(seconds=WITHIN),
        "isAutomated": True,
        "requester": {"trader": "t1", "reason": "risk limit"},
        "createdAt": now,
        "override": False, "attributes": {},  # this library fills in null for what is left out, and no other default
    }
    producer = Producer({
        "bootstrap.servers": bootstrap,
        "acks": "all",
        "enable.idempotence": True,
        "partitioner": "murmur2_random",  # as Java's
    })
    failed = []
    producer.produce("cancel-intents", registry.write("cancel-intents", intent), key,
                     on_delivery=lambda error, _: failed.append(error) if error else None)
    if producer.flush(WITHIN) or failed:
        sys.exit("not known to be published: %s" % failed)

    until = time.monotonic() + WAIT
    while time.monotonic() < until:
        record = consumer.poll(0.5)
        if record is None or record.error() or record.key() != key.encode():
            continue
        outcome = registry.read(record.value())
        if outcome["cancel"]["cancelId"] == cancel_id:
            print("%s %s %s %s attempts=%d: %s" % (outcome["result"], outcome["reason"], key, cancel_id,
                                                   len(outcome["attempts"]), outcome["text"]))
            return EXIT.get(outcome["result"], EXIT["UNRESOLVED"])
    print("no outcome of %s %s: the order may be open or not; send the same id again" % (key, cancel_id))
    return 6


sys.exit(main(*sys.argv[1:]))
