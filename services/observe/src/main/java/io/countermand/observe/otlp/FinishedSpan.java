package io.countermand.observe.otlp;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A span with ids of its maker's choice. Immutable.
 *
 * @param service OpenTelemetry's {@code service.name}
 * @param at its own place
 * @param parent the span that led to it; 16 hex digits
 * @param attributes of type String, Long or Boolean
 * @param links other spans, perhaps of other traces, that it has to do with
 * @param failed why it is an error; null: it is none
 */
public record FinishedSpan(
    String service,
    Place at,
    String parent,
    String name,
    Kind kind,
    Instant start,
    Instant end,
    Map<String, Object> attributes,
    List<Moment> moments,
    List<Place> links,
    @Nullable String failed) {

  /** As OpenTelemetry has them. */
  public enum Kind {
    INTERNAL,
    CLIENT,
    PRODUCER,
    CONSUMER
  }

  /**
   * @param traceId 32 hex digits
   * @param spanId 16 hex digits
   * @param flags W3C's
   * @param state W3C's tracestate; null: none
   */
  public record Place(String traceId, String spanId, int flags, @Nullable String state) {}

  /** Something that happened meanwhile. */
  public record Moment(Instant at, String name) {}

  public FinishedSpan {
    attributes = Map.copyOf(attributes);
    moments = List.copyOf(moments);
    links = List.copyOf(links);
  }
}
