package io.countermand.observe.otlp;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.TraceStateBuilder;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A span as OpenTelemetry's exporter takes it. Made here and not by the SDK's tracer: that would
 * give it an id of its own, and time it by itself.
 */
record SpanView(FinishedSpan span, Resource resource, Attributes attributes) implements SpanData {

  private static final InstrumentationScopeInfo SCOPE =
      InstrumentationScopeInfo.create("io.countermand");

  SpanView(FinishedSpan span, Resource resource) {
    this(span, resource, attributes(span));
  }

  private static Attributes attributes(FinishedSpan span) {
    AttributesBuilder all = Attributes.builder();
    span.attributes()
        .forEach(
            (key, value) -> {
              switch (value) {
                case Long number -> all.put(AttributeKey.longKey(key), number);
                case Boolean truth -> all.put(AttributeKey.booleanKey(key), truth);
                default -> all.put(AttributeKey.stringKey(key), value.toString());
              }
            });
    return all.build();
  }

  @Override
  public String getName() {
    return span.name();
  }

  @Override
  public SpanKind getKind() {
    return SpanKind.valueOf(span.kind().name());
  }

  @Override
  public SpanContext getSpanContext() {
    return context(span.at(), false);
  }

  /** Remote: it comes out of a record's header. */
  @Override
  public SpanContext getParentSpanContext() {
    FinishedSpan.Place at = span.at();
    return context(
        new FinishedSpan.Place(at.traceId(), span.parent(), at.flags(), at.state()), true);
  }

  private static SpanContext context(FinishedSpan.Place at, boolean remote) {
    TraceFlags flags = TraceFlags.fromByte((byte) at.flags());
    return remote
        ? SpanContext.createFromRemoteParent(at.traceId(), at.spanId(), flags, state(at.state()))
        : SpanContext.create(at.traceId(), at.spanId(), flags, state(at.state()));
  }

  private static TraceState state(@Nullable String text) {
    if (text == null) {
      return TraceState.getDefault();
    }
    TraceStateBuilder state = TraceState.builder();
    // The builder puts each in front of those before it.
    for (String entry : List.of(text.split(",", -1)).reversed()) {
      int equals = entry.indexOf('=');
      if (equals > 0) {
        state.put(entry.substring(0, equals).strip(), entry.substring(equals + 1).strip());
      }
    }
    return state.build();
  }

  @Override
  public StatusData getStatus() {
    return span.failed() == null
        ? StatusData.unset()
        : StatusData.create(io.opentelemetry.api.trace.StatusCode.ERROR, span.failed());
  }

  @Override
  public long getStartEpochNanos() {
    return nanos(span.start());
  }

  /** Clocks differ: a span whose start another machine timed does not end before it. */
  @Override
  public long getEndEpochNanos() {
    return Math.max(nanos(span.start()), nanos(span.end()));
  }

  private static long nanos(Instant at) {
    return TimeUnit.SECONDS.toNanos(at.getEpochSecond()) + at.getNano();
  }

  @Override
  public Attributes getAttributes() {
    return attributes;
  }

  @Override
  public List<EventData> getEvents() {
    return span.moments().stream()
        .map(each -> EventData.create(nanos(each.at()), each.name(), Attributes.empty()))
        .toList();
  }

  @Override
  public List<LinkData> getLinks() {
    return span.links().stream().map(each -> LinkData.create(context(each, true))).toList();
  }

  @Override
  public boolean hasEnded() {
    return true;
  }

  @Override
  public int getTotalRecordedEvents() {
    return span.moments().size();
  }

  @Override
  public int getTotalRecordedLinks() {
    return span.links().size();
  }

  @Override
  public int getTotalAttributeCount() {
    return attributes.size();
  }

  @Override
  public InstrumentationScopeInfo getInstrumentationScopeInfo() {
    return SCOPE;
  }

  @Override
  @Deprecated
  public io.opentelemetry.sdk.common.InstrumentationLibraryInfo getInstrumentationLibraryInfo() {
    return io.opentelemetry.sdk.common.InstrumentationLibraryInfo.create("io.countermand", null);
  }

  @Override
  public Resource getResource() {
    return resource;
  }
}
