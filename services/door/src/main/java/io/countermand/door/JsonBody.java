package io.countermand.door;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object that came in, with names that are known and values of their kind. Each method
 * throws a {@link ProblemResponse} that says what is wrong.
 */
final class JsonBody {

  static final int LONGEST = 64 * 1024;

  private static final Duration LONGEST_TIME = Duration.ofDays(365);

  private static final ObjectReader JSON =
      new ObjectMapper(
              JsonFactory.builder()
                  .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(8).build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .reader()
          .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final JsonNode body;

  /** What names begin with, in words to the caller. */
  private final String prefix;

  private JsonBody(JsonNode body, String prefix, Set<String> names) {
    for (Map.Entry<String, JsonNode> each : body.properties()) {
      if (!names.contains(each.getKey())) {
        throw ProblemResponse.badRequest(
            "no field '"
                + prefix
                + shortened(each.getKey())
                + "'; there are "
                + names.stream().sorted().toList());
      }
    }
    this.body = body;
    this.prefix = prefix;
  }

  /** Of a request. */
  static JsonBody of(Context request, Set<String> names) {
    return read(bytes(request), names);
  }

  private static JsonBody read(byte[] bytes, Set<String> names) {
    JsonNode body;
    try {
      body = JSON.readTree(bytes);
    } catch (JsonProcessingException e) {
      throw ProblemResponse.badRequest("the body is no JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw ProblemResponse.badRequest("the body is no text in UTF-8");
    }
    if (body == null || !body.isObject()) {
      throw ProblemResponse.badRequest("the body is no JSON object");
    }
    return new JsonBody(body, "", names);
  }

  private static byte[] bytes(Context request) {
    String type = request.contentType();
    if (type == null || !type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
      throw new ProblemResponse(415, "UNSUPPORTED_MEDIA_TYPE", "the body must be application/json");
    }
    try (InputStream in = request.bodyInputStream()) {
      byte[] bytes = in.readNBytes(LONGEST + 1);
      if (bytes.length > LONGEST) {
        throw new ProblemResponse(413, "TOO_LARGE", "the body has more than " + LONGEST + " bytes");
      }
      return bytes;
    } catch (IOException e) {
      throw ProblemResponse.badRequest("the body could not be read to its end");
    }
  }

  /** An object in it that must be there. */
  JsonBody object(String name, Set<String> names) {
    JsonNode value = field(name);
    if (value == null) {
      throw ProblemResponse.badRequest(prefix + name + " is missing");
    }
    if (!value.isObject()) {
      throw ProblemResponse.badRequest(prefix + name + " must be an object");
    }
    return new JsonBody(value, prefix + name + ".", names);
  }

  String required(String name) {
    String text = text(name);
    if (text == null || text.isBlank()) {
      throw ProblemResponse.badRequest(prefix + name + " is missing");
    }
    return text;
  }

  /** Null where it is not given. */
  @Nullable String text(String name) {
    JsonNode value = field(name);
    if (value == null) {
      return null;
    }
    if (!value.isTextual()) {
      throw ProblemResponse.badRequest(
          prefix
              + name
              + " must be text"
              + (value.isNumber() ? ": beyond 2^53 numbers lose digits" : ""));
    }
    return value.textValue();
  }

  /** False where it is not given. */
  boolean flag(String name) {
    JsonNode value = field(name);
    if (value != null && !value.isBoolean()) {
      throw ProblemResponse.badRequest(prefix + name + " must be true or false");
    }
    return value != null && value.booleanValue();
  }

  /** Null where it is not given. */
  @Nullable Integer whole(String name) {
    JsonNode value = field(name);
    if (value != null && !value.isInt()) {
      throw ProblemResponse.badRequest(prefix + name + " must be a whole number");
    }
    return value == null ? null : value.intValue();
  }

  /** Null where it is not given. */
  @Nullable Duration seconds(String name) {
    JsonNode seconds = field(name);
    if (seconds == null) {
      return null;
    }
    if (!seconds.isNumber()
        || seconds.doubleValue() < 0.001
        || seconds.doubleValue() > LONGEST_TIME.toSeconds()) {
      throw ProblemResponse.badRequest(
          prefix + name + " must be seconds, from 0.001 to " + LONGEST_TIME.toSeconds());
    }
    return Duration.ofMillis((long) (seconds.doubleValue() * 1000));
  }

  private @Nullable JsonNode field(String name) {
    JsonNode value = body.get(name);
    return value == null || value.isNull() ? null : value;
  }

  private static String shortened(String text) {
    return text.length() > 40 ? text.substring(0, 40) + "…" : text;
  }
}
