// What the programs share: the order key, and how Avro is read and written.
import { AvroDeserializer, AvroSerializer, SchemaRegistryClient, SerdeType } from '@confluentinc/schemaregistry';
import avro from 'avsc';

/** venue/account/orderId, or venue/account/orderId/strategyId/orderName. */
export const orderKey = (...parts) => parts.map(encode).join('/');

// encodeURIComponent leaves five characters as they are that RFC 3986 would have encoded.
const encode = (part) =>
  encodeURIComponent(part).replace(/[!'()*]/g, (c) => '%' + c.charCodeAt(0).toString(16).toUpperCase());

/** Now, or some milliseconds later, in the microseconds of our records. */
export const micros = (later = 0) => BigInt(Date.now() + later) * 1000n;

// Longs as BigInt: a number is exact up to 2^53 only.
const long = avro.types.LongType.__with({
  fromBuffer: (buffer) => buffer.readBigInt64LE(),
  toBuffer: (value) => { const b = Buffer.alloc(8); b.writeBigInt64LE(value); return b; },
  fromJSON: BigInt,
  toJSON: Number, // in Avro's JSON form; our times are below 2^53
  isValid: (value) => typeof value === 'bigint',
  compare: (a, b) => (a === b ? 0 : a < b ? -1 : 1),
});

/** avsc's options, for Confluent's library, too. Without wrapped unions a requester is {trader: 't1'}. */
export const options = {
  wrapUnions: false,
  typeHook: (schema) => (schema === 'long' || schema.type === 'long' ? long : undefined),
};

/** Writes with the newest registered schema, and registers none. */
export const writer = (registry) =>
  new AvroSerializer(new SchemaRegistryClient({ baseURLs: [registry] }), SerdeType.VALUE, {
    autoRegisterSchemas: false, useLatestVersion: true, subjectNameStrategyType: 'TOPIC', ...options,
  });

export const reader = (registry) =>
  new AvroDeserializer(new SchemaRegistryClient({ baseURLs: [registry] }), SerdeType.VALUE, {
    subjectNameStrategyType: 'TOPIC', ...options,
  });
