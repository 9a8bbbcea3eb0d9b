package io.countermand.events.serde;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a writer with times of another unit wrote: resolved into our shape with bare numbers,
 * the numbers made microseconds, then read again as our own. Twice the work, for such writers only.
 * Safe for many threads.
 */
final class TimesReader<T> implements DatumReader<T> {

  /** Without conversions: a time stays the number that it is. */
  private static final GenericData BARE = new GenericData();

  private final WriterTimes times;
  private final Schema writer;
  private final Schema expected;
  private final SpecificData model;

  TimesReader(WriterTimes times, Schema writer, Schema expected, SpecificData model) {
    this.times = times;
    this.writer = writer;
    this.expected = expected;
    this.model = model;
  }

  @Override
  public void setSchema(Schema schema) {
    throw new UnsupportedOperationException("made for one writer");
  }

  @Override
  public T read(@Nullable T reuse, Decoder in) throws IOException {
    GenericRecord bare =
        new GenericDatumReader<GenericRecord>(writer, expected, BARE).read(null, in);
    times.toMicros(bare);
    var out = new ByteArrayOutputStream(512);
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
    new GenericDatumWriter<GenericRecord>(expected, BARE).write(bare, encoder);
    return new SpecificDatumReader<T>(expected, expected, model)
        .read(null, DecoderFactory.get().binaryDecoder(out.toByteArray(), null));
  }
}
