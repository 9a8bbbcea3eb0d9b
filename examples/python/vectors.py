#!/usr/bin/python3
"""Checks Apache Avro for Python, as these programs use it, against the page: REGISTRY ANY_CLIENT_MD CLIENTS_MD"""
import base64
import json
import re
import sys
from datetime import datetime, timedelta, timezone

import avro.schema

from countermand import Registry, decode, encode, order_key

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def plain(schema, value):
    """Avro's JSON form to what a program hands over."""
    if schema.type == "union":
        if value is None:
            return None
        ((branch, inner),) = value.items()
        return plain(next(s for s in schema.schemas if branch in (s.type, getattr(s, "fullname", None))), inner)
    if schema.type == "record":
        assert {field.name for field in schema.fields} == set(value), value
        return {field.name: plain(field.type, value[field.name]) for field in schema.fields}
    if schema.type == "array":
        return [plain(schema.items, each) for each in value]
    if schema.props.get("logicalType") == "timestamp-micros":
        return EPOCH + timedelta(microseconds=value)
    return value


def main(registry_url, any_client, clients):
    with open(any_client, encoding="utf-8") as file:
        page = file.read()
    blocks = {kind: re.findall("```%s\n(.*?)\n```" % kind, page, re.S) for kind in ("json", "base64")}
    topics = ["cancel-intents", "cancel-outcomes"]
    assert len(blocks["json"]) == len(blocks["base64"]) == len(topics)
    registry = Registry(registry_url)
    for topic, text, body in zip(topics, blocks["json"], blocks["base64"]):
        latest = registry._get("/subjects/%s-value/versions/latest" % topic)
        schema = avro.schema.parse(latest["schema"])
        value = plain(schema, json.loads(text))
        body = base64.b64decode(body)
        assert encode(schema, value) == body, "written %s: %s" % (topic, base64.b64encode(encode(schema, value)))
        assert decode(schema, body) == value, "read %s: %s" % (topic, decode(schema, body))

    with open(clients, encoding="utf-8") as file:
        rows = re.findall(r"^\|" + r" (?:`([^`]+)`|null) \|" * 6 + "$", file.read(), re.M)
    assert len(rows) > 5
    for venue, account, order_id, name, strategy, key in rows:
        parts = [venue, account, order_id] + ([strategy, name] if name else [])
        assert order_key(*parts) == key, (order_key(*parts), key)
    assert "`%s`" % order_key("crosstrade", "Sim/101", "9007199254740993") in page
    print("Python: %d vectors, both ways, by Apache Avro; %d keys" % (len(topics), len(rows) + 1))


main(*sys.argv[1:])
