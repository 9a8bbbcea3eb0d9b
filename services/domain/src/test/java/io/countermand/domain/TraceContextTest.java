package io.countermand.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.order.OrderRef;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {

  private static final String HEADER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  @Test
  void shouldReadAndWriteTheHeader() {
    // When
    TraceContext trace = parsed(HEADER, "congo=t61rcWkgMzE,rojo=00f067aa0ba902b7");
    // Then
    assertThat(trace.traceId()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
    assertThat(trace.spanId()).isEqualTo("00f067aa0ba902b7");
    assertThat(trace.sampled()).isTrue();
    assertThat(trace.state()).isEqualTo("congo=t61rcWkgMzE,rojo=00f067aa0ba902b7");
    assertThat(trace.traceparent()).isEqualTo(HEADER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what",
        "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.what",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01",
        "00_4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7_01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-é1",
        " 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
      })
  void shouldTakeNoNoticeOfAHeaderThatIsNone(String header) {
    assertThat(TraceContext.parse(header, "a=b")).isNull();
  }

  @Test
  void shouldTakeNoNoticeOfNoHeader() {
    assertThat(TraceContext.parse(null, "a=b")).isNull();
  }

  @Test
  void shouldReadALaterVersionAsOurs() {
    assertThat(
            parsed("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more.to-come", null)
                .traceparent())
        .isEqualTo(HEADER);
  }

  @Test
  void shouldHandOnOnlyTheFlagsThatAreKnown() {
    String base = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-";
    assertThat(parsed(base + "ff", null).traceparent()).isEqualTo(base + "03");
    assertThat(parsed(base + "02", null).traceparent()).isEqualTo(base + "02");
    assertThat(parsed(base + "00", null).sampled()).isFalse();
  }

  @Test
  void shouldDropAStateThatIsNotSane() {
    assertThat(
            Stream.of("", "nothing", "a=b\r\nX-Evil: 1", "a=ü", "a=" + "b".repeat(511))
                .map(state -> parsed(HEADER, state).state())
                .filter(Objects::nonNull))
        .isEmpty();
    assertThat(parsed(HEADER, "a=" + "b".repeat(510)).state()).hasSize(512);
  }

  @Test
  void shouldDeriveTheSameSpanFromTheSameFacts() {
    // Given
    TraceContext trace = parsed(HEADER, "a=b");
    TraceContext later = parsed(HEADER.replace("00f067aa0ba902b7", "1111111111111111"), "a=b");
    Cancel cancel = Cancels.cancel("c1", 1);
    Cancel other = Cancels.cancel("c2", 2);
    // When
    List<TraceContext> spans =
        List.of(
            trace.atDesk(cancel),
            trace.atDesk(other),
            trace.atAttempt("a1"),
            trace.atAttempt("a2"),
            trace.atRetry(cancel, 2),
            trace.atRetry(cancel, 3),
            trace.atRetry(other, 2),
            trace.atOutcome(cancel),
            trace.atOutcome(other));
    // Then: one trace, a span each, whatever span it came from
    assertThat(spans).extracting(TraceContext::spanId).doesNotHaveDuplicates();
    assertThat(spans)
        .allMatch(span -> span.traceId().equals(trace.traceId()) && span.sampled())
        .allMatch(span -> "a=b".equals(span.state()))
        .allMatch(span -> span.equals(TraceContext.parse(span.traceparent(), span.state())));
    assertThat(later.atDesk(cancel)).isEqualTo(trace.atDesk(cancel));
    assertThat(later.atOutcome(cancel)).isEqualTo(trace.atOutcome(cancel));
    assertThat(trace.atOutcome(cancel).spanId()).isEqualTo("0806aced0c087f71");
  }

  /** One id for several orders, and for a named one, in one trace. */
  @Test
  void shouldTellTheOrdersOfOneCancelIdApart() {
    // Given
    TraceContext trace = parsed(HEADER, "a=b");
    Cancel one = Cancels.cancel("c1", 1);
    List<Cancel> same = List.of(one, of(one, "o2", null), of(one, "o1", "ENTRY1"));
    // When
    List<String> spans =
        same.stream()
            .flatMap(
                cancel ->
                    Stream.of(
                        trace.atDesk(cancel),
                        trace.atRetry(cancel, 2),
                        trace.atWait(
                            new CancelRequest(
                                cancel, RequestKind.CANCEL, 2, null, cancel.receivedAt())),
                        trace.atOutcome(cancel)))
            .map(TraceContext::spanId)
            .toList();
    // Then
    assertThat(spans).hasSize(12).doesNotHaveDuplicates();
  }

  private static Cancel of(Cancel cancel, String orderId, @Nullable String name) {
    return new Cancel(
        cancel.cancelId(),
        new OrderRef(cancel.order().venue(), cancel.order().account(), orderId),
        name,
        null,
        null,
        cancel.override(),
        cancel.isAutomated(),
        null,
        cancel.createdAt(),
        cancel.deadline(),
        cancel.receivedAt(),
        cancel.intent(),
        cancel.digest());
  }

  private static TraceContext parsed(String header, String state) {
    return Objects.requireNonNull(TraceContext.parse(header, state));
  }
}
