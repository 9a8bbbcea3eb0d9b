package io.countermand.app.tracing;

import io.countermand.app.config.Config;
import io.countermand.kafka.trace.Hop;
import io.countermand.observe.otlp.OtlpFiles;
import io.countermand.observe.otlp.OtlpSettings;
import io.countermand.observe.otlp.OtlpSpans;
import io.countermand.observe.otlp.SpanCounts;
import java.net.URI;
import java.util.Map;
import java.util.stream.Collectors;

/** The way to the collector; alone here so that nothing of it is loaded where there is none. */
final class Export {

  private Export() {}

  /**
   * Exports from now on.
   *
   * @throws IllegalArgumentException if the endpoint is no good
   * @throws IllegalStateException if a file is no good
   */
  static Tracing open(Config config, SpanCounts counts) {
    Config.Tracing tracing = config.tracing();
    URI endpoint = tracing.endpoint();
    if (endpoint == null) {
      throw new IllegalArgumentException("no endpoint");
    }
    var settings =
        new OtlpSettings(
            endpoint,
            tracing.headersFile() == null ? Map.of() : OtlpFiles.headers(tracing.headersFile()),
            tracing.authorities(),
            tracing.timeout(),
            tracing.mostWaiting(),
            config.instance());
    var spans =
        new HopSpans(
            config.venues().values().stream()
                .collect(Collectors.toMap(Config.Venue::name, Config.Venue::baseUrl)));
    OtlpSpans<Hop> export = OtlpSpans.open(settings, spans::span, counts);
    return Tracing.of(export::offer, export::close);
  }
}
