package io.countermand.codec;

import java.io.IOException;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;

/**
 * Reads Avro single objects: those of the present schema from the array itself, older ones by
 * Avro's own decoder, which goes byte by byte through a stream. Safe for many threads.
 */
final class SingleObjects<T extends SpecificRecord> {

  private final byte[] header;
  private final DatumReader<T> reader;
  private final BinaryMessageDecoder<T> others;

  SingleObjects(Class<T> type, BinaryMessageDecoder<T> others) {
    SpecificData model = SpecificData.getForClass(type);
    Schema schema = model.getSchema(type);
    this.header = header(schema);
    this.reader = new SpecificDatumReader<>(schema, schema, model);
    this.others = others;
  }

  /** Marker (C3 01) and fingerprint, as Avro's specification has them. */
  private static byte[] header(Schema schema) {
    try {
      byte[] fingerprint = SchemaNormalization.parsingFingerprint("CRC-64-AVRO", schema);
      byte[] header = new byte[2 + fingerprint.length];
      header[0] = (byte) 0xC3;
      header[1] = 1;
      System.arraycopy(fingerprint, 0, header, 2, fingerprint.length);
      return header;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether they are of the present schema. */
  boolean wrote(byte[] bytes) {
    return bytes.length >= header.length
        && Arrays.equals(bytes, 0, header.length, header, 0, header.length);
  }

  T read(byte[] bytes) throws IOException {
    if (!wrote(bytes)) {
      return others.decode(bytes);
    }
    int from = header.length;
    return reader.read(
        null, DecoderFactory.get().binaryDecoder(bytes, from, bytes.length - from, null));
  }
}
