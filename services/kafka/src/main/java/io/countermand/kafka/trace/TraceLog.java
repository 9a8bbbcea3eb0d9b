package io.countermand.kafka.trace;

import io.countermand.domain.TraceContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Traces in the log: {@code trace_id} and {@code span_id} in the diagnostic context of what is
 * logged for a traced cancel, and a line for each hop of a sampled one.
 */
public final class TraceLog implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger("io.countermand.trace");
  private static final String TRACE = "trace_id";
  private static final String SPAN = "span_id";
  private static final TraceLog NOTHING = new TraceLog(null, null);

  private final @Nullable String traceBefore;
  private final @Nullable String spanBefore;

  private TraceLog(@Nullable String traceBefore, @Nullable String spanBefore) {
    this.traceBefore = traceBefore;
    this.spanBefore = spanBefore;
  }

  /** What this thread logs until closed is of this trace; null: nothing changes. */
  public static TraceLog in(@Nullable TraceContext trace) {
    if (trace == null) {
      return NOTHING;
    }
    var log = new TraceLog(MDC.get(TRACE), MDC.get(SPAN));
    MDC.put(TRACE, trace.traceId());
    MDC.put(SPAN, trace.spanId());
    return log;
  }

  /**
   * A line for a hop, if its trace is sampled.
   *
   * @param here the hop's own span; null: not traced
   * @param parentSpanId the span that led to it
   * @param what what it came to
   */
  public static void hop(
      String hop, @Nullable TraceContext here, String parentSpanId, String cancelId, String what) {
    if (here == null || !here.sampled() || !LOG.isInfoEnabled()) {
      return;
    }
    try (var _ = in(here)) {
      LOG.atInfo()
          .addKeyValue("hop", hop)
          .addKeyValue("parent_span_id", parentSpanId)
          .addKeyValue("cancelId", cancelId)
          .addKeyValue("what", what)
          .log("traced");
    }
  }

  @Override
  public void close() {
    if (this != NOTHING) {
      restore(TRACE, traceBefore);
      restore(SPAN, spanBefore);
    }
  }

  private static void restore(String key, @Nullable String before) {
    if (before == null) {
      MDC.remove(key);
    } else {
      MDC.put(key, before);
    }
  }
}
