// Checks avsc and Confluent's library, as these programs use them, against the page: REGISTRY ANY_CLIENT_MD CLIENTS_MD
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import avro from 'avsc';
import { SchemaRegistryClient } from '@confluentinc/schemaregistry';
import { options, orderKey, reader, writer } from './countermand.mjs';

const [registry, anyClient, clients] = process.argv.slice(2);
const page = readFileSync(anyClient, 'utf8');
const blocks = (kind) => [...page.matchAll(new RegExp('```' + kind + '\n(.*?)\n```', 'gs'))].map((found) => found[1]);
const topics = ['cancel-intents', 'cancel-outcomes'];
assert.equal(blocks('json').length, topics.length);
assert.equal(blocks('base64').length, topics.length);

for (const [i, topic] of topics.entries()) {
  const json = blocks('json')[i];
  const base64 = blocks('base64')[i].replaceAll('\n', '');
  const { id, schema } = await new SchemaRegistryClient({ baseURLs: [registry] }).getLatestSchemaMetadata(`${topic}-value`);

  const type = avro.Type.forSchema(JSON.parse(schema), { ...options });
  assert.equal(type.toBuffer(type.fromString(json)).toString('base64'), base64, `avsc writes ${topic}`);
  assert.deepEqual(JSON.parse(type.toString(type.fromBuffer(Buffer.from(base64, 'base64')))), JSON.parse(json), `avsc reads ${topic}`);

  const head = Buffer.alloc(5); // the first byte is zero
  head.writeInt32BE(id, 1);
  const record = Buffer.concat([head, Buffer.from(base64, 'base64')]);
  const value = structuredClone(type.fromString(json)); // plain objects, as a program hands over
  const written = await writer(registry).serialize(topic, value);
  assert.equal(written.toString('base64'), record.toString('base64'), `Confluent's library writes ${topic}`);
  const read = await reader(registry).deserialize(topic, record);
  assert.deepEqual(structuredClone(read), value, `Confluent's library reads ${topic}`);
}

// The rows of the other page: | venue | account | orderId | orderName | strategyId | key |
const rows = [...readFileSync(clients, 'utf8').matchAll(/^\|((?: (?:`[^`]+`|null) \|){6})$/gm)].map((row) =>
  row[1].split(' |').slice(0, 6).map((cell) => (cell.trim() === 'null' ? null : cell.trim().slice(1, -1))));
assert.ok(rows.length > 5);
for (const [venue, account, orderId, orderName, strategyId, key] of rows) {
  const name = orderName === null ? [] : [strategyId ?? '', orderName];
  assert.equal(orderKey(venue, account, orderId, ...name), key);
}
assert.ok(page.includes(`\`${orderKey('crosstrade', 'Sim/101', '9007199254740993')}\``));
console.log(`JavaScript: ${topics.length} vectors, both ways, by avsc and Confluent's library; ${rows.length + 1} keys`);
