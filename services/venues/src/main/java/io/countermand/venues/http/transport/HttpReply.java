package io.countermand.venues.http.transport;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A complete answer, or one whose body was cut because it was too long. Immutable.
 *
 * @param headers by lower-case name, first value
 * @param body empty if cut: part of an answer means nothing
 * @param json the body, or a missing node where it is not exactly one JSON value
 * @param at when it was complete
 */
public record HttpReply(
    int status, Map<String, String> headers, String body, boolean cut, JsonNode json, Instant at) {

  public static HttpReply of(
      int status, Map<String, String> headers, byte[] body, boolean cut, Instant at) {
    byte[] text = withoutMark(body);
    return new HttpReply(
        status,
        headers,
        cut ? "" : new String(text, StandardCharsets.UTF_8),
        cut,
        cut ? Json.MISSING : Json.parse(text),
        at);
  }

  /** Without the byte order mark with which some servers begin UTF-8 (RFC 8259, 8.1 allows it). */
  private static byte[] withoutMark(byte[] body) {
    boolean mark =
        body.length >= 3
            && (body[0] & 0xff) == 0xef
            && (body[1] & 0xff) == 0xbb
            && (body[2] & 0xff) == 0xbf;
    return mark ? Arrays.copyOfRange(body, 3, body.length) : body;
  }

  public @Nullable String header(String lowerCaseName) {
    return headers.get(lowerCaseName);
  }

  public String code() {
    return Integer.toString(status);
  }

  /** 200 and 202, whose bodies say what came of it; 204 has none. */
  public boolean ok() {
    return status == 200 || status == 202;
  }
}
