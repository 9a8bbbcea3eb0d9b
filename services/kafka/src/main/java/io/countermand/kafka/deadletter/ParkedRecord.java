package io.countermand.kafka.deadletter;

import io.countermand.domain.order.Evidence;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * A record as it is kept until it can be read: all of it, and where it stands. The store's keys
 * sort by topic and key, then by offset.
 */
record ParkedRecord(Record<byte[], byte[]> record, Evidence at) {

  private static final int VERSION = 1;

  /** Longer keys are told by their hash. */
  private static final int LONGEST_KEY = 256;

  /** What goes on in order: a topic and a key. A record without a key has a lane of its own. */
  static String lane(Evidence at, byte @Nullable [] key) {
    if (key == null || key.length == 0) {
      return at.topic() + " at " + at.offset();
    }
    String hex = HexFormat.of().formatHex(key.length <= LONGEST_KEY ? key : hash(key));
    return at.topic() + " key " + hex;
  }

  static String key(String lane, long offset) {
    return lane + '\u0000' + "%019d".formatted(offset);
  }

  static String lane(String storeKey) {
    return storeKey.substring(0, storeKey.lastIndexOf('\u0000'));
  }

  /** In digits that compare like the number. */
  static String offset(String storeKey) {
    return storeKey.substring(storeKey.lastIndexOf('\u0000') + 1);
  }

  /** By the Confluent wire format; null: the value has none. */
  static @Nullable Integer schemaId(byte @Nullable [] value) {
    return value == null || value.length < 5 || value[0] != 0
        ? null
        : ByteBuffer.wrap(value, 1, 4).getInt();
  }

  @Nullable Integer schemaId() {
    return schemaId(record.value());
  }

  byte[] bytes() {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeUTF(at.topic());
      out.writeInt(at.partition());
      out.writeLong(at.offset());
      out.writeLong(record.timestamp());
      write(out, record.key());
      write(out, record.value());
      Header[] headers = record.headers().toArray();
      out.writeInt(headers.length);
      for (Header header : headers) {
        write(out, header.key().getBytes(StandardCharsets.UTF_8));
        write(out, header.value());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // of an array in memory
    }
    return bytes.toByteArray();
  }

  static ParkedRecord of(byte[] bytes) {
    try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int version = in.readByte();
      if (version != VERSION) {
        throw new IllegalStateException("a parked record of version " + version);
      }
      var at = new Evidence(in.readUTF(), in.readInt(), in.readLong());
      long timestamp = in.readLong();
      byte[] key = read(in);
      byte[] value = read(in);
      Headers headers = new RecordHeaders();
      for (int count = in.readInt(); count > 0; count--) {
        byte[] name = read(in);
        headers.add(
            new String(name == null ? new byte[0] : name, StandardCharsets.UTF_8), read(in));
      }
      return new ParkedRecord(new Record<>(key, value, timestamp, headers), at);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(DataOutputStream out, byte @Nullable [] bytes) throws IOException {
    out.writeInt(bytes == null ? -1 : bytes.length);
    if (bytes != null) {
      out.write(bytes);
    }
  }

  private static byte @Nullable [] read(DataInputStream in) throws IOException {
    int length = in.readInt();
    return length < 0 ? null : in.readNBytes(length);
  }

  private static byte[] hash(byte[] key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
