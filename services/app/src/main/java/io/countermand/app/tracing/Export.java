package io.countermand.app.tracing;

import io.countermand.app.config.Config;
import io.countermand.kafka.trace.Hop;
import io.countermand.observe.otlp.OtlpSettings;
import io.countermand.observe.otlp.OtlpSpans;
import io.countermand.observe.otlp.SpanCounts;
import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The way to the collector; alone here so that nothing of it is loaded where there is none. */
final class Export {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9-]{1,100}");
  private static final Pattern VALUE = Pattern.compile("[ -~]{1,8000}");

  private Export() {}

  static Tracing open(Config config, SpanCounts counts) {
    Config.Tracing tracing = config.tracing();
    URI endpoint = tracing.endpoint();
    if (endpoint == null) {
      throw new IllegalArgumentException("no endpoint");
    }
    var settings =
        new OtlpSettings(
            endpoint,
            headers(tracing.headersFile()),
            tracing.authorities(),
            tracing.timeout(),
            tracing.mostWaiting(),
            config.instance());
    var spans =
        new HopSpans(
            config.venues().values().stream()
                .collect(Collectors.toMap(Config.Venue::name, Config.Venue::baseUrl)));
    try {
      OtlpSpans<Hop> export = OtlpSpans.open(settings, spans::span, counts);
      return Tracing.of(export::offer, export::close);
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException("tracing.otlp: " + e.getMessage(), e);
    }
  }

  /** What is wrong is told without what stands there. */
  private static Map<String, String> headers(@Nullable Path file) {
    Map<String, String> headers = new TreeMap<>();
    if (file == null) {
      return headers;
    }
    var lines = new Properties();
    try (Reader in = Files.newBufferedReader(file)) {
      lines.load(in);
    } catch (IOException | IllegalArgumentException e) {
      throw new IllegalStateException(
          "tracing.otlp.headers-file cannot be read (" + e.getClass().getSimpleName() + ")", e);
    }
    for (String name : lines.stringPropertyNames()) {
      String value = lines.getProperty(name, "").strip();
      if (!NAME.matcher(name).matches() || !VALUE.matcher(value).matches()) {
        throw new IllegalStateException(
            "tracing.otlp.headers-file holds what is no header: lines of NAME=VALUE in ASCII");
      }
      headers.put(name, value);
    }
    return headers;
  }
}
