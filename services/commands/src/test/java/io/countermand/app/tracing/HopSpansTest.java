package io.countermand.app.tracing;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.countermand.domain.Cancel;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.CancelResult;
import io.countermand.domain.DecidedBy;
import io.countermand.domain.Outcome;
import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.RequestKind;
import io.countermand.domain.TraceContext;
import io.countermand.domain.decision.DeskDecision;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrderRef;
import io.countermand.domain.order.ReplyDetails;
import io.countermand.kafka.trace.Hop;
import io.countermand.observe.otlp.FinishedSpan;
import io.countermand.observe.otlp.FinishedSpan.Kind;
import io.countermand.observe.otlp.FinishedSpan.Moment;
import io.countermand.observe.otlp.FinishedSpan.Place;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Each step as its span: all that it says, and no more. */
class HopSpansTest {

  private static final String PARENT = "ef".repeat(8);
  private static final TraceContext HERE = trace("cd");
  private static final Place PLACE = new Place("ab".repeat(16), "cd".repeat(8), 1, "a=1");
  private static final Instant START = Instant.ofEpochSecond(10);
  private static final Instant SENT = Instant.ofEpochSecond(11);
  private static final Instant END = Instant.ofEpochSecond(12);
  private static final Cancel CANCEL =
      new Cancel(
          "id",
          new OrderRef("hook", "secret-account", "secret-order"),
          null,
          null,
          null,
          false,
          false,
          null,
          START,
          END.plusSeconds(30),
          START,
          new Evidence("cancel-intents", 3, 17),
          "digest");
  private static final CancelRequest REQUEST =
      new CancelRequest(CANCEL, RequestKind.CANCEL, 2, null, START);

  private final HopSpans spans =
      new HopSpans(Map.of("hook", URI.create("https://venue.example/secret?key=secret")));

  @Test
  void shouldTellOfADecision() {
    FinishedSpan span =
        spans.span(
            new Hop.Decided(
                HERE, PARENT, CANCEL, new DeskDecision.Join("leader", null), SENT, END));
    assertThat(span)
        .isEqualTo(
            new FinishedSpan(
                "countermand-desk",
                PLACE,
                PARENT,
                "process cancel-intents",
                Kind.CONSUMER,
                START,
                END,
                Map.ofEntries(
                    entry("countermand.cancel_id", "id"),
                    entry("countermand.venue", "hook"),
                    entry("countermand.decision", "join"),
                    entry("countermand.joined_to", "leader"),
                    entry("messaging.system", "kafka"),
                    entry("messaging.destination.name", "cancel-intents"),
                    entry("messaging.operation.name", "process"),
                    entry("messaging.operation.type", "process"),
                    entry("messaging.destination.partition.id", "3"),
                    entry("messaging.kafka.offset", 17L)),
                List.of(new Moment(SENT, "taken")),
                List.of(),
                null));
  }

  @Test
  void shouldTellOfAWait() {
    assertThat(spans.span(new Hop.Waited(HERE, PARENT, REQUEST, END)))
        .isEqualTo(
            new FinishedSpan(
                "countermand-desk",
                PLACE,
                PARENT,
                "wait hook",
                Kind.INTERNAL,
                START,
                END,
                Map.of(
                    "countermand.cancel_id", "id",
                    "countermand.venue", "hook",
                    "countermand.request", "CANCEL",
                    "countermand.attempt_no", 2L),
                List.of(),
                List.of(),
                null));
  }

  @Test
  void shouldTellOfACallThatNobodyKnowsTheEndOf() {
    FinishedSpan span =
        called(
            new Reply.Ambiguous(ReplyDetails.of("E-1", "secret text")),
            SENT,
            "POST /secret",
            "HTTP 502");
    assertThat(span)
        .isEqualTo(
            new FinishedSpan(
                "countermand-desk",
                PLACE,
                PARENT,
                "cancel hook",
                Kind.CLIENT,
                START,
                END,
                Map.ofEntries(
                    entry("countermand.cancel_id", "id"),
                    entry("countermand.venue", "hook"),
                    entry("countermand.request", "CANCEL"),
                    entry("countermand.attempt_no", 2L),
                    entry("countermand.attempt_id", "attempt"),
                    entry("countermand.sent", true),
                    entry("countermand.reply", "ambiguous"),
                    entry("countermand.venue_code", "E-1"),
                    entry("server.address", "venue.example"),
                    entry("server.port", 443L),
                    entry("http.request.method", "POST"),
                    entry("http.response.status_code", 502L),
                    entry("error.type", "ambiguous")),
                List.of(new Moment(SENT, "sent"), new Moment(END, "replied")),
                List.of(),
                "ambiguous"));
    assertThat(span.toString()).doesNotContain("secret");
  }

  @Test
  void shouldCallAnErrorWhatTheVenueDidNotHandleAndNothingElse() {
    ReplyDetails none = ReplyDetails.NOTHING;
    assertThat(called(new Reply.Unauthorized(none), SENT, null, null).failed())
        .isEqualTo("unauthorized");
    FinishedSpan unsent = called(new Reply.NotSent(Reason.DEADLINE_PASSED, none), null, null, null);
    assertThat(unsent.failed()).isEqualTo("not_sent");
    assertThat(unsent.moments()).isEmpty();
    assertThat(unsent.attributes())
        .containsEntry("countermand.sent", false)
        .containsEntry("countermand.reason", "DEADLINE_PASSED");
    for (Reply reply :
        List.of(
            new Reply.Canceled(none),
            new Reply.Accepted(none),
            new Reply.NotOpen(none),
            new Reply.UnknownOrder(none),
            new Reply.Refused(Reason.VENUE_REFUSED, none),
            new Reply.RetryLater(null, null, none))) {
      FinishedSpan span = called(reply, SENT, null, null);
      assertThat(span.failed()).as("%s", reply).isNull();
      assertThat(span.attributes()).doesNotContainKey("error.type");
    }
  }

  @Test
  void shouldTellWhatTheLedgerAskedFor() {
    assertThat(spans.span(new Hop.Asked(HERE, PARENT, REQUEST, START, END)))
        .isEqualTo(
            new FinishedSpan(
                "countermand-ledger",
                PLACE,
                PARENT,
                "send cancel-retries",
                Kind.PRODUCER,
                START,
                END,
                Map.of(
                    "countermand.cancel_id", "id",
                    "countermand.venue", "hook",
                    "countermand.request", "CANCEL",
                    "countermand.attempt_no", 2L,
                    "messaging.system", "kafka",
                    "messaging.destination.name", "cancel-retries",
                    "messaging.operation.name", "send",
                    "messaging.operation.type", "send"),
                List.of(),
                List.of(),
                null));
  }

  @Test
  void shouldTellOfAnOutcomeAndLinkTheOneThatItRepeats() {
    FinishedSpan span =
        spans.span(
            new Hop.Settled(
                HERE, PARENT, outcome(CancelResult.UNRESOLVED), trace("12"), START, END));
    assertThat(span)
        .isEqualTo(
            new FinishedSpan(
                "countermand-ledger",
                PLACE,
                PARENT,
                "send cancel-outcomes",
                Kind.PRODUCER,
                START,
                END,
                Map.ofEntries(
                    entry("countermand.cancel_id", "id"),
                    entry("countermand.venue", "hook"),
                    entry("countermand.result", "UNRESOLVED"),
                    entry("countermand.reason", "NO_ANSWER"),
                    entry("countermand.decided_by", "DEADLINE"),
                    entry("countermand.joined_to", "leader"),
                    entry("countermand.attempts", 0L),
                    entry("messaging.system", "kafka"),
                    entry("messaging.destination.name", "cancel-outcomes"),
                    entry("messaging.operation.name", "send"),
                    entry("messaging.operation.type", "send"),
                    entry("error.type", "UNRESOLVED")),
                List.of(),
                List.of(new Place("ab".repeat(16), "12".repeat(8), 1, "a=1")),
                "UNRESOLVED"));
    FinishedSpan rejected =
        spans.span(new Hop.Settled(HERE, PARENT, outcome(CancelResult.REJECTED), null, START, END));
    assertThat(rejected.failed()).isNull();
    assertThat(rejected.links()).isEmpty();
  }

  private FinishedSpan called(
      Reply reply, @Nullable Instant sent, @Nullable String said, @Nullable String heard) {
    return spans.span(
        new Hop.Called(HERE, PARENT, REQUEST, "attempt", reply, START, sent, END, said, heard));
  }

  private static Outcome outcome(CancelResult result) {
    return new Outcome(
        CANCEL,
        result,
        Reason.NO_ANSWER,
        "secret text",
        null,
        null,
        null,
        null,
        DecidedBy.DEADLINE,
        "leader",
        null,
        null,
        List.of(),
        List.of(),
        END);
  }

  private static TraceContext trace(String span) {
    return requireNonNull(
        TraceContext.parse("00-" + "ab".repeat(16) + "-" + span.repeat(8) + "-01", "a=1"));
  }
}
