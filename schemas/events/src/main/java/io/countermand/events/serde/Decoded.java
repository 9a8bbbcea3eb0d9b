package io.countermand.events.serde;

import org.apache.avro.specific.SpecificRecord;

/** What became of reading one record's value. */
public sealed interface Decoded<T extends SpecificRecord> {

  /** The value, read with this build's schema. */
  record Ok<T extends SpecificRecord>(T value) implements Decoded<T> {}

  /**
   * A value that will never be readable, however often it is tried.
   *
   * @param text in words, without content of the record
   */
  record Poison<T extends SpecificRecord>(Kind kind, String text) implements Decoded<T> {}

  /** Why a value is poison; each name is also a symbol of {@code DeadLetterReason}. */
  enum Kind {
    /** The value is null: a tombstone where none belongs. */
    NULL_VALUE,
    /** Not the Confluent wire format, a body that its schema cannot read, or bytes left over. */
    NOT_AVRO,
    /** The registry answers that it does not know the schema id, or that it is no Avro schema. */
    UNKNOWN_SCHEMA,
    /** An Avro record of another name than the one that belongs on the topic. */
    WRONG_TYPE
  }
}
