package io.countermand.simulator.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.Cancel;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.Reply;
import io.countermand.domain.RequestKind;
import io.countermand.domain.lifecycle.LedgerEvent;
import io.countermand.domain.lifecycle.ReplyReader;
import io.countermand.domain.lifecycle.ReplyReader.Rereading;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderRef;
import io.countermand.simulator.Simulator;
import io.countermand.simulator.TestClock;
import io.countermand.simulator.book.NewOrder;
import io.countermand.simulator.options.InstanceOptions;
import io.countermand.simulator.options.SimulatedCredentials;
import io.countermand.simulator.options.SimulatorOptions;
import io.countermand.simulator.options.VenueKind;
import io.countermand.simulator.request.CallKind;
import io.countermand.venues.CallResult;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.VenueSettings;
import io.countermand.venues.Venues;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One adapter and its simulator, on one clock, for the contract suite. */
final class Rig implements AutoCloseable {

  static final Duration PATIENCE = Duration.ofSeconds(20);

  /** For what never ends: a test waits that long each time, in vain. */
  static final Duration SHORT = Duration.ofSeconds(1);

  private static final Map<String, ReplyReader> READERS =
      ServiceLoader.load(ReplyReader.class).stream()
          .map(ServiceLoader.Provider::get)
          .collect(Collectors.toMap(ReplyReader::adapter, Function.identity()));

  private static final AtomicInteger ids = new AtomicInteger();

  final VenueKind kind;
  final TestClock clock = new TestClock("2026-03-03T12:00:00Z");
  Simulator simulator;
  final VenueAdapter adapter;

  private SimulatorOptions options;

  private Rig(VenueKind kind, UnaryOperator<InstanceOptions> options, Map<String, String> secrets)
      throws Exception {
    this.kind = kind;
    var instance = options.apply(InstanceOptions.of(kind.adapter(), kind));
    this.options = SimulatorOptions.of(List.of(instance)).withClock(clock);
    simulator = Simulator.start(this.options);
    adapter = adapter(simulator.venueUrl(kind.adapter()), secrets);
  }

  static Rig start(VenueKind kind) throws Exception {
    return new Rig(kind, UnaryOperator.identity(), secrets(kind));
  }

  static Rig start(VenueKind kind, UnaryOperator<InstanceOptions> options) throws Exception {
    return new Rig(kind, options, secrets(kind));
  }

  /** With credentials that the venue does not know. */
  static Rig startWithWrongCredentials(VenueKind kind) throws Exception {
    var wrong = new java.util.HashMap<>(secrets(kind));
    wrong.replaceAll((name, value) -> name.equals("cid") ? value : "wrong-" + value);
    return new Rig(kind, UnaryOperator.identity(), wrong);
  }

  /** A new simulator on the same port, with an empty book; it knows no token of the old one. */
  void restart() throws Exception {
    int port = simulator.port();
    simulator.close();
    simulator = Simulator.start(options.withPort(port));
  }

  VenueAdapter adapter(URI url, Map<String, String> secrets) {
    return Venues.create(
        kind.adapter(),
        VenueSettings.of(
            kind.adapter(),
            url,
            io.countermand.venues.Credentials.of(secrets),
            options(kind),
            clock));
  }

  private static Map<String, String> options(VenueKind kind) {
    return switch (kind) {
      case NEURATRADE -> Map.of("account", "main");
      case CROSSTRADE -> Map.of("bulk-cancels", "true");
      default -> Map.of();
    };
  }

  static Map<String, String> secrets(VenueKind kind) {
    var known = SimulatedCredentials.DEFAULT;
    return switch (kind) {
      case CROSSTRADE, CROSSTRADE_WS -> Map.of("token", known.token());
      case CROSSTRADE_WEBHOOK -> Map.of("key", known.key());
      case CADENZA, NEURATRADE -> Map.of("email", known.user(), "password", known.password());
      case TRADOVATE ->
          Map.of(
              "name", known.user(), "password", known.password(), "cid", "8", "sec", known.key());
    };
  }

  /** Whether the adapter logs in, so that a token can be renewed. */
  boolean logsIn() {
    return switch (kind) {
      case CADENZA, NEURATRADE, TRADOVATE -> true;
      default -> false;
    };
  }

  /** Whether the venue says nothing of the order in its answer. */
  boolean blind() {
    return kind == VenueKind.CROSSTRADE_WEBHOOK;
  }

  /** Whether a good answer says that the order is cancelled. */
  boolean confirms() {
    return kind == VenueKind.CADENZA || kind == VenueKind.NEURATRADE;
  }

  /** An id of the venue's form that no order has yet. */
  OrderRef newRef() {
    int n = ids.incrementAndGet();
    return switch (kind) {
      case NEURATRADE -> new OrderRef(kind.adapter(), "main", "ord-20260303120000-" + n);
      case TRADOVATE -> new OrderRef(kind.adapter(), "25", Integer.toString(210_000 + n));
      case CADENZA ->
          new OrderRef(kind.adapter(), "acc-1", "770e8400-e29b-41d4-a716-%012d".formatted(n));
      default -> new OrderRef(kind.adapter(), "Sim101", "ce0a8e50%08d".formatted(n));
    };
  }

  OrderRef placed() {
    var ref = newRef();
    simulator.book().place(NewOrder.of(ref.venue(), ref.account(), ref.orderId(), "10"));
    return ref;
  }

  CallResult cancel(OrderRef ref) {
    return cancel(request(ref), PATIENCE);
  }

  /** Cancels and checks that the answer is no lie. */
  CallResult cancel(CancelRequest request, Duration timeout) {
    long before = simulator.journal().calls().size();
    var answer = adapter.cancel(request, timeout);
    assertTrue(request.cancel().order(), answer, before);
    assertReadAgain(request, RequestKind.CANCEL, answer);
    return answer;
  }

  /** Where an answer may be spoilt: what cannot be matched to its call is waited for in vain. */
  Duration patience() {
    return kind == VenueKind.CROSSTRADE_WS ? Duration.ofMillis(150) : PATIENCE;
  }

  CallResult status(OrderRef ref) {
    return status(ref, PATIENCE);
  }

  CallResult status(OrderRef ref, Duration timeout) {
    var answer = adapter.status(request(ref), timeout);
    assertTold(ref, answer);
    assertReadAgain(request(ref), RequestKind.STATUS, answer);
    return answer;
  }

  static CancelRequest request(OrderRef ref) {
    return request(ref, null, null, null, null);
  }

  static CancelRequest request(
      OrderRef ref,
      @Nullable String orderName,
      @Nullable String strategyId,
      @Nullable String clOrdId,
      @Nullable String continuation) {
    var now = java.time.Instant.parse("2026-03-03T12:00:00Z");
    var cancel =
        new Cancel(
            "cancel-" + ref.orderId(),
            ref,
            orderName,
            strategyId,
            clOrdId,
            false,
            true,
            null,
            now,
            now.plusSeconds(86_400),
            now,
            new Evidence("cancel-intents", 0, 0),
            "");
    return new CancelRequest(cancel, RequestKind.CANCEL, 1, continuation, now);
  }

  /** What each kind of reply promises, held against the book and the journal. */
  void assertTrue(OrderRef ref, CallResult answer, long callsBefore) {
    var order = simulator.book().find(ref);
    assertTold(ref, answer);
    switch (answer.reply()) {
      case Reply.Canceled canceled ->
          assertThat(order.status()).as("%s", canceled).isEqualTo(OrdStatus.CANCELED);
      case Reply.NotSent notSent -> {
        assertThat(answer.sent()).isFalse();
        assertThat(cancels()).as("%s", notSent).isEqualTo(callsBefore(callsBefore));
      }
      case Reply.Refused refused -> assertNotHandled(ref, refused);
      case Reply.RetryLater later -> assertNotHandled(ref, later);
      case Reply.Unauthorized unauthorized -> assertNotHandled(ref, unauthorized);
      default -> {}
    }
    if (!answer.sent()) {
      assertThat(cancels()).as("%s", answer).isEqualTo(callsBefore(callsBefore));
    }
  }

  /** An audit that reads the record of this answer finds nothing. */
  private void assertReadAgain(CancelRequest request, RequestKind asked, CallResult answer) {
    if (answer.response() != null) {
      assertThat(again(request, asked, answer.reply(), answer))
          .as("%s", answer)
          .isNotInstanceOf(Rereading.Other.class);
    }
  }

  /** What an audit finds that reads an answer recorded as this reply. */
  Rereading again(CancelRequest request, RequestKind asked, Reply recorded, CallResult answer) {
    return READERS
        .get(kind.adapter())
        .again(
            new LedgerEvent.Replied(
                request.cancel(),
                "a1",
                request.attemptNo(),
                asked,
                recorded,
                answer.sent(),
                answer.sentAt(),
                new Evidence("cancel-progress", 0, 0),
                answer.repliedAt()),
            String.valueOf(answer.response()));
  }

  private void assertTold(OrderRef ref, CallResult answer) {
    var told = answer.reply().told().ordStatus();
    if (told != null && told.terminal()) {
      assertThat(told).as("%s", answer).isEqualTo(simulator.book().find(ref).status());
    }
    assertThat(answer.toString()).doesNotContain(secretValues());
  }

  private void assertNotHandled(OrderRef ref, Reply reply) {
    var calls = simulator.journal().calls(ref);
    if (!calls.isEmpty()) {
      assertThat(calls.getLast().effect().taken()).as("%s", reply).isFalse();
    }
  }

  private static List<String> secretValues() {
    var known = SimulatedCredentials.DEFAULT;
    return List.of(known.password(), known.token(), known.key(), "access-", "refresh-", "eyJ");
  }

  private long callsBefore(long all) {
    return simulator.journal().calls().stream()
        .limit(all)
        .filter(call -> call.kind() == CallKind.CANCEL)
        .count();
  }

  /** How many cancels reached the venue. */
  long cancels() {
    return simulator.journal().count(kind.adapter(), CallKind.CANCEL);
  }

  /** How many times the adapter asked for a token. */
  long logins() {
    return simulator.journal().count(kind.adapter(), CallKind.LOGIN)
        + simulator.journal().count(kind.adapter(), CallKind.RENEW);
  }

  OrdStatus inBook(OrderRef ref) {
    return simulator.book().find(ref).status();
  }

  @Override
  public void close() {
    adapter.close();
    simulator.close();
  }
}
