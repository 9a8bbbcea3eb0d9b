package io.countermand.venues.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/** Compressed bodies: not asked for, and sent all the same. */
final class Decoding {

  /**
   * @param cut longer than allowed: part of an answer means nothing
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
  record Decoded(byte[] bytes, boolean cut) {}

  private Decoding() {}

  /** By header, or by the first bytes where a proxy has dropped it; what cannot be read stays. */
  static Decoded of(byte[] body, @Nullable String contentEncoding, int most) {
    String encoding =
        contentEncoding == null ? "" : contentEncoding.strip().toLowerCase(Locale.ROOT);
    boolean magic =
        body.length > 2 && body[0] == 0x1f && (body[1] & 0xff) == 0x8b && body[2] == 8;
    try {
      if (magic) {
        return read(new GZIPInputStream(new ByteArrayInputStream(body)), most);
      }
      return encoding.equals("deflate")
          ? read(new InflaterInputStream(new ByteArrayInputStream(body)), most)
          : new Decoded(body, false);
    } catch (IOException e) {
      return new Decoded(body, false);
    }
  }

  private static Decoded read(InputStream in, int most) throws IOException {
    byte[] bytes = in.readNBytes(most + 1);
    return bytes.length > most ? new Decoded(Arrays.copyOf(bytes, 0), true) : new Decoded(bytes, false);
  }
}
