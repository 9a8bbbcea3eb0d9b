/**
 * Between the domain's classes, by which is decided, and Avro's, which are written: one codec for
 * each kind of record. Desk and ledger use them at each topic and each store.
 */
package io.countermand.codec;
