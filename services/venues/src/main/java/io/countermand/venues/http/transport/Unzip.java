package io.countermand.venues.http.transport;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Bodies that come compressed, though nobody asked for it: servers and what stands before them do
 * so.
 */
final class Unzip {

  private Unzip() {}

  /**
   * @param most bytes, unpacked: a small body may unpack to gigabytes
   * @return the body as it is where it is not compressed; null if it cannot be read, or is longer
   */
  static byte @Nullable [] plain(byte[] body, Map<String, String> headers, int most) {
    String coding =
        headers.getOrDefault("content-encoding", "identity").strip().toLowerCase(Locale.ROOT);
    boolean gzip = body.length > 2 && (body[0] & 0xff) == 0x1f && (body[1] & 0xff) == 0x8b;
    if (gzip) { // whatever the header says: JSON does not begin so
      return read(most, () -> new GZIPInputStream(new ByteArrayInputStream(body)));
    }
    return switch (coding) {
      case "deflate" -> read(most, () -> new InflaterInputStream(new ByteArrayInputStream(body)));
      case "identity", "", "gzip", "x-gzip" -> body;
      default -> body.length == 0 ? body : null;
    };
  }

  private interface Opening {
    InputStream open() throws IOException;
  }

  private static byte @Nullable [] read(int most, Opening opening) {
    try (InputStream in = opening.open()) {
      byte[] plain = in.readNBytes(most + 1);
      return plain.length > most ? null : plain;
    } catch (IOException e) {
      return null;
    }
  }
}
