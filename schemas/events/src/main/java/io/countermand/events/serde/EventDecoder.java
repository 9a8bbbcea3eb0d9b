package io.countermand.events.serde;

import io.countermand.events.serde.Decoded.Kind;
import io.countermand.events.serde.Decoded.Ok;
import io.countermand.events.serde.Decoded.Poison;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads values of one type from the Confluent wire format: 0, schema id (4 bytes), Avro body. Not
 * through {@code KafkaAvroDeserializer}, which tells neither another record's type nor bytes left
 * over, and throws one exception for poison and for a registry that is down. Safe for many threads.
 */
public final class EventDecoder<T extends SpecificRecord> {

  private static final int HEADER = 5;

  private final Schema expected;
  private final SpecificData model;
  private final SchemaQuestions questions;
  private final SchemaMemory memory;
  private final ConcurrentMap<Integer, Readers<T>> readers = new ConcurrentHashMap<>();

  EventDecoder(Class<T> type, SchemaQuestions questions, SchemaMemory memory) {
    this.memory = memory;
    this.model = SpecificData.getForClass(type);
    this.expected = model.getSchema(type);
    this.questions = questions;
  }

  /**
   * Reads one value; never throws for what the bytes are.
   *
   * @param topic for the texts only
   * @throws RegistryUnavailableException when the registry is needed and cannot tell
   */
  public Decoded<T> decode(String topic, byte @Nullable [] value) {
    return decode(
        topic, value, (any, id) -> id < 0 ? negative(id) : writer(any, id, questions.now(id)));
  }

  /**
   * The same; what has to be asked of the registry is asked on another thread, and of many ids in
   * turn ({@link SchemaQuestions}).
   *
   * @param now by the clock of who asks
   * @param moment how long to wait for its answer, at the most; one that comes later counts the
   *     next time. Who waits is not put in line.
   * @throws RegistryUnavailableException also when it has not answered by then
   */
  public Decoded<T> decode(String topic, byte @Nullable [] value, Instant now, Duration moment) {
    return decode(topic, value, (any, id) -> soon(any, id, now, moment));
  }

  private interface LookUp {
    Writer of(String topic, int id);
  }

  private Decoded<T> decode(String topic, byte @Nullable [] value, LookUp lookUp) {
    if (value == null) {
      return poison(Kind.NULL_VALUE, topic, "the value is null");
    }
    if (value.length < HEADER) {
      return poison(Kind.NOT_AVRO, topic, value.length + " bytes, fewer than a schema id takes");
    }
    if (value[0] != 0) {
      String hint = value[0] == '{' ? "; this looks like JSON" : "";
      return poison(
          Kind.NOT_AVRO,
          topic,
          "first byte is "
              + value[0]
              + ", not 0"
              + hint
              + "; write a zero byte, the schema id in four bytes, then Avro (docs/any-client.md)");
    }
    int id = ByteBuffer.wrap(value, 1, 4).getInt();
    List<Schema> meanings = memory.meanings(id);
    if (meanings.isEmpty()) {
      return switch (lookUp.of(topic, id)) {
        case Writer.Known(Schema schema) -> among(topic, id, value, heard(id, schema));
        case Writer.Bad(Kind kind, String text) -> poison(kind, topic, text);
      };
    }
    Decoded<T> read = among(topic, id, value, meanings);
    return read instanceof Ok || !memory.kept() ? read : again(topic, id, value, read, lookUp);
  }

  /** The record does not fit what is known of the id: the registry may give it anew. */
  private Decoded<T> again(String topic, int id, byte[] value, Decoded<T> read, LookUp lookUp) {
    if (memory.told(id) && !memory.asksAgain(id, System.nanoTime())) {
      return read;
    }
    try {
      return lookUp.of(topic, id) instanceof Writer.Known(Schema schema)
          ? among(topic, id, value, heard(id, schema))
          : read;
    } catch (RegistryUnavailableException e) {
      if (memory.told(id)) {
        return read;
      }
      throw e;
    }
  }

  private List<Schema> heard(int id, Schema schema) {
    memory.learned(id, schema);
    List<Schema> meanings = memory.meanings(id);
    return meanings.isEmpty() ? List.of(schema) : meanings;
  }

  /**
   * By each meaning of the id that belongs here. The writer used one of them: if one alone can read
   * the record it is that, and if several read the same it does not matter.
   */
  private Decoded<T> among(String topic, int id, byte[] value, List<Schema> meanings) {
    Readers<T> of = readers.get(id);
    if (of == null || of.meanings() != meanings) {
      of =
          new Readers<>(
              meanings, meanings.stream().filter(this::belongs).map(this::reader).toList());
      readers.put(id, of);
    }
    Decoded<T> read = null;
    for (DatumReader<T> reader : of.readers()) {
      Decoded<T> by = body(topic, id, value, reader);
      if (read instanceof Ok && by instanceof Ok && !by.equals(read)) {
        return poison(
            Kind.UNKNOWN_SCHEMA,
            topic,
            "schema id "
                + id
                + " was given more than once by the registry, and the record says another thing by"
                + " each");
      }
      if (read == null || by instanceof Ok) {
        read = by;
      }
    }
    return read == null
        ? poison(Kind.WRONG_TYPE, topic, "schema id " + id + " is " + named(meanings.getLast()))
        : read;
  }

  private Decoded<T> body(String topic, int id, byte[] value, DatumReader<T> reader) {
    try {
      BinaryDecoder in =
          DecoderFactory.get().binaryDecoder(value, HEADER, value.length - HEADER, null);
      T record = reader.read(null, in);
      return in.isEnd()
          ? new Ok<>(record)
          : poison(Kind.NOT_AVRO, topic, "bytes are left over after the record of schema " + id);
    } catch (IOException | RuntimeException e) {
      String what = e.toString();
      return poison(Kind.NOT_AVRO, topic, "schema " + id + " cannot read the body: " + what);
    }
  }

  private Writer soon(String topic, int id, Instant now, Duration moment) {
    if (id < 0) {
      return negative(id);
    }
    try {
      return writer(
          topic,
          id,
          questions.soon(id, now, moment.isPositive()).get(moment.toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException | ExecutionException e) {
      throw late(topic, id, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw late(topic, id, e);
    }
  }

  private static RegistryUnavailableException late(String topic, int id, Exception cause) {
    return new RegistryUnavailableException(
        "Schema registry has not told schema id " + id + " of " + topic + " yet", cause);
  }

  private static Writer negative(int id) {
    return new Writer.Bad(Kind.UNKNOWN_SCHEMA, "schema id " + id + " is negative");
  }

  private Writer writer(String topic, int id, SchemaQuestions.Said said) {
    return switch (said) {
      case SchemaQuestions.Said.Away(Throwable e) ->
          throw new RegistryUnavailableException(
              "Schema registry cannot tell schema id " + id + " of " + topic + ": " + e, e);
      case SchemaQuestions.Said.Unknown(String text) -> new Writer.Bad(Kind.UNKNOWN_SCHEMA, text);
      case SchemaQuestions.Said.Is(Schema schema) ->
          belongs(schema) || Trust.ours(schema)
              ? new Writer.Known(schema)
              : new Writer.Bad(Kind.WRONG_TYPE, "schema id " + id + " is " + named(schema));
    };
  }

  private boolean belongs(Schema schema) {
    return schema.getType() == Schema.Type.RECORD
        && schema.getFullName().equals(expected.getFullName());
  }

  private String named(Schema schema) {
    return schema.getFullName() + ", not " + expected.getFullName();
  }

  private DatumReader<T> reader(Schema writer) {
    DatumReader<T> plain = new SpecificDatumReader<>(writer, expected, model);
    WriterTimes times = WriterTimes.of(writer, expected);
    return times.none() ? plain : new TimesReader<>(times, writer, expected, model);
  }

  private Decoded<T> poison(Kind kind, String topic, String text) {
    return new Poison<>(kind, "Value on " + topic + " is unreadable: " + text);
  }

  /** How to read an id's meanings, as far as they belong here. */
  private record Readers<T>(List<Schema> meanings, List<DatumReader<T>> readers) {}

  private sealed interface Writer {
    record Known(Schema schema) implements Writer {}

    record Bad(Kind kind, String text) implements Writer {}
  }
}
