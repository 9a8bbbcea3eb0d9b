package io.countermand.observe.otlp;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where spans go.
 *
 * @param endpoint like http://collector:4318; {@code /v1/traces} is added
 * @param headers of each request, by name; may hold secrets, which no {@code toString} shows
 * @param authorities certificates in PEM, trusted instead of the JDK's; null: the JDK's
 * @param timeout of one export
 * @param mostWaiting spans that may wait; further ones are dropped
 * @param instance tells this process from others
 */
public record OtlpSettings(
    URI endpoint,
    Map<String, String> headers,
    @Nullable Path authorities,
    Duration timeout,
    int mostWaiting,
    String instance) {

  public OtlpSettings {
    headers = Map.copyOf(headers);
  }

  /** Where the protocol has them sent. */
  String traces() {
    String base = endpoint.toString();
    return base + (base.endsWith("/") ? "" : "/") + "v1/traces";
  }

  @Override
  public String toString() {
    return "OtlpSettings[" + endpoint + ", headers " + headers.keySet() + "]";
  }
}
