// Cancels an order and waits for the outcome: BOOTSTRAP REGISTRY VENUE ACCOUNT ORDER_ID [CANCEL_ID]
import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import { micros, orderKey, reader, writer } from './countermand.mjs';

const WITHIN = 5_000; // to the deadline; then the ledger's grace, and some seconds
const WAIT = WITHIN + 2_000 + 3_000;
const EXIT = { CANCELED: 0, PENDING: 3, REJECTED: 4, UNRESOLVED: 5 };

const [bootstrap, registry, venue, account, orderId, given] = process.argv.slice(2);
const cancelId = given ?? randomUUID();
const key = orderKey(venue, account, orderId);
const topic = 'cancel-outcomes';

const kafka = new Kafka({ clientId: 'cancel.mjs', brokers: bootstrap.split(','), logLevel: logLevel.ERROR });
const admin = kafka.admin();
const producer = kafka.producer({ idempotent: true }); // acks=all; murmur2, as Java's
const consumer = kafka.consumer({ groupId: `cancel.mjs-${randomUUID()}` }); // read committed
await Promise.all([admin.connect(), producer.connect(), consumer.connect()]);

// First where the topic ends, then the intent. An id that was given may have been sent before: its outcome may be there.
const places = await admin.fetchTopicOffsets(topic);
const avro = reader(registry);
let heard;
const outcome = new Promise((resolve) => (heard = resolve));
await consumer.subscribe({ topic });
await consumer.run({
  autoCommit: false,
  eachMessage: async ({ message }) => {
    if (message.key?.toString() !== key) return;
    const read = await avro.deserialize(topic, message.value);
    if (read.cancel.cancelId === cancelId) heard(read);
  },
});
places.forEach((p) => consumer.seek({ topic, partition: p.partition, offset: given ? p.low : p.high }));

const intent = {
  cancelId, venue, account, orderId,
  deadline: micros(WITHIN),
  isAutomated: true,
  requester: { trader: 't1', reason: 'risk limit' },
  createdAt: micros(),
};
const value = await writer(registry).serialize('cancel-intents', intent);
await producer.send({ topic: 'cancel-intents', messages: [{ key, value }] });

const said = await Promise.race([outcome, new Promise((resolve) => setTimeout(resolve, WAIT).unref())]);
if (said) {
  console.log(`${said.result} ${said.reason} ${key} ${cancelId} attempts=${said.attempts.length}: ${said.text}`);
  process.exitCode = EXIT[said.result] ?? EXIT.UNRESOLVED;
} else {
  console.log(`no outcome of ${key} ${cancelId}: the order may be open or not; send the same id again`);
  process.exitCode = 6;
}
await Promise.all([consumer.disconnect(), producer.disconnect()]);
await admin.disconnect();
