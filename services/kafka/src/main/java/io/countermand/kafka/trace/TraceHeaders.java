package io.countermand.kafka.trace;

import io.countermand.domain.TraceContext;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** W3C Trace Context in record headers; of several headers of a name the last counts. */
public final class TraceHeaders {

  public static final String PARENT = "traceparent";
  public static final String STATE = "tracestate";

  private TraceHeaders() {}

  /** Null where there is none, or none that can be understood. */
  public static @Nullable TraceContext read(Headers headers) {
    Header parent = headers.lastHeader(PARENT);
    return parent == null
        ? null
        : TraceContext.parse(text(parent), text(headers.lastHeader(STATE)));
  }

  /** New headers with it; empty for null. */
  public static RecordHeaders of(@Nullable TraceContext trace) {
    var headers = new RecordHeaders();
    if (trace != null) {
      headers.add(PARENT, trace.traceparent().getBytes(StandardCharsets.US_ASCII));
      if (trace.state() != null) {
        headers.add(STATE, trace.state().getBytes(StandardCharsets.US_ASCII));
      }
    }
    return headers;
  }

  /** Its trace, for a record that is handed on as it came. */
  public static RecordHeaders same(Headers headers) {
    return of(read(headers));
  }

  private static @Nullable String text(@Nullable Header header) {
    return header == null || header.value() == null
        ? null
        : new String(header.value(), StandardCharsets.ISO_8859_1);
  }
}
