// Tells how an order stands: BOOTSTRAP REGISTRY VENUE ACCOUNT ORDER_ID ORD_STATUS ORDER_QTY CUM_QTY SEQUENCE
import { Kafka, logLevel } from 'kafkajs';
import { micros, orderKey, writer } from './countermand.mjs';

const [bootstrap, registry, venue, account, orderId, ordStatus, orderQty, cumQty, sequence] = process.argv.slice(2);
const event = {
  venue, account, orderId, ordStatus,
  orderQty, cumQty, // decimals as text, never numbers
  venueTime: micros(), // the venue's own time of the change, where it gives one
  sequence: BigInt(sequence), // rises with each change of the order: late and repeated events are known as such
  source: 'oms:example',
  observedAt: micros(),
};
const value = await writer(registry).serialize('order-events', event);

const kafka = new Kafka({ clientId: 'order-feed.mjs', brokers: bootstrap.split(','), logLevel: logLevel.ERROR });
const producer = kafka.producer({ idempotent: true });
await producer.connect();
const [at] = await producer.send({
  topic: 'order-events',
  messages: [{ key: orderKey(venue, account, orderId), value }],
});
console.log(`published at order-events-${at.partition}@${at.baseOffset}`);
await producer.disconnect();
