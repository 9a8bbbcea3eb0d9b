package io.countermand.simulator.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.Reply;
import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderRef;
import io.countermand.simulator.options.Doubt;
import io.countermand.simulator.options.InstanceOptions;
import io.countermand.simulator.options.Latency;
import io.countermand.simulator.options.SimulatedLimits;
import io.countermand.simulator.options.SimulatorOptions;
import io.countermand.simulator.options.VenueKind;
import io.countermand.venues.CallResult;
import io.countermand.venues.OrderPage;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.ended.EndedByHistory;
import io.countermand.venues.limits.Budget;
import io.countermand.venues.limits.Rate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The contract suite where nobody says how a venue behaves: whichever of the plausible ways it is,
 * no answer is a lie, and what is open is cancelled.
 */
@Timeout(120)
class DoubtContractTest {

  private static Stream<VenueKind> kinds() {
    return Stream.of(VenueKind.values());
  }

  private static Stream<Doubt> of(VenueKind kind) {
    return Stream.of(Doubt.values()).filter(each -> each.isOf(kind));
  }

  private static Stream<Arguments> oneByOne() {
    return kinds().flatMap(kind -> of(kind).map(doubt -> Arguments.of(kind, Set.of(doubt))));
  }

  /** None, each, all of them, and what some seeds draw. */
  private static Stream<Arguments> each() {
    return kinds()
        .flatMap(
            kind -> {
              Set<Set<Doubt>> sets = new HashSet<>();
              sets.add(Set.of());
              of(kind).forEach(doubt -> sets.add(Set.of(doubt)));
              EnumSet<Doubt> all = EnumSet.noneOf(Doubt.class);
              of(kind).forEach(all::add);
              sets.add(all);
              IntStream.range(0, 8)
                  .forEach(seed -> sets.add(Doubt.drawn(kind, kind.adapter(), seed)));
              return sets.stream().map(set -> Arguments.of(kind, set));
            });
  }

  private static Rig start(VenueKind kind, Set<Doubt> doubts) throws Exception {
    return Rig.start(
        kind,
        options ->
            options
                .withDoubts(doubts)
                .withAccounts(
                    switch (kind) {
                      case CROSSTRADE, CROSSTRADE_WS -> Set.of("Sim101");
                      case TRADOVATE -> Set.of("25");
                      default -> Set.of();
                    }));
  }

  @ParameterizedTest
  @MethodSource("each")
  void shouldCancelAndTellNoLie(VenueKind kind, Set<Doubt> doubts) throws Exception {
    try (var rig = start(kind, doubts)) {
      List<CallResult> answers = script(rig);
      // Then what was open is cancelled, and what had ended is as it was
      assertThat(answers.getFirst().reply())
          .isInstanceOfAny(Reply.Canceled.class, Reply.Accepted.class, Reply.Ambiguous.class);
      assertThat(answers.getFirst().reply() instanceof Reply.Ambiguous)
          .isEqualTo(doubts.contains(Doubt.TAKEN_IN_A_WORD));
    }
  }

  /**
   * Cancels and looks up what is open, filled, cancelled and unknown; holds each against the book.
   */
  private static List<CallResult> script(Rig rig) {
    List<CallResult> answers = new ArrayList<>();
    OrderRef open = rig.placed();
    answers.add(rig.cancel(open));
    assertThat(rig.inBook(open)).isEqualTo(OrdStatus.CANCELED);
    OrderRef filled = rig.placed();
    rig.simulator.book().fill(filled);
    OrderRef still = rig.placed();
    OrderRef never = rig.newRef();
    for (OrderRef ref : List.of(filled, open, never)) {
      CallResult answer = rig.cancel(ref);
      assertThat(answer.reply()).as("%s", ref).isNotInstanceOf(Reply.Canceled.class);
      answers.add(answer);
    }
    assertThat(rig.inBook(filled)).isEqualTo(OrdStatus.FILLED);
    for (OrderRef ref : List.of(still, filled, open, never)) {
      answers.add(rig.status(ref));
    }
    if (rig.adapter.capabilities().canList()) {
      OrderPage page = rig.adapter.openOrders(null, null, Rig.PATIENCE);
      assertThat(page.reply()).isInstanceOf(Reply.Accepted.class);
      assertThat(page.orders())
          .filteredOn(event -> event.order().orderId().equals(still.orderId()))
          .allMatch(event -> !event.ordStatus().terminal())
          .hasSize(1);
      assertThat(page.orders())
          .filteredOn(event -> event.order().orderId().equals(filled.orderId()))
          .allMatch(
              event ->
                  event.ordStatus() == OrdStatus.FILLED || event.ordStatus() == OrdStatus.UNKNOWN);
    }
    if (rig.adapter.capabilities().tellsAccounts()) {
      assertThat(rig.adapter.accounts(Rig.PATIENCE).proves()).isTrue();
    }
    return answers;
  }

  @ParameterizedTest
  @MethodSource("each")
  void shouldTellNoLieOfAnOrderWhoseCancelIsOnItsWay(VenueKind kind, Set<Doubt> doubts)
      throws Exception {
    try (var rig =
        Rig.start(
            kind,
            options ->
                options.withDoubts(doubts).withSettle(Latency.fixed(Duration.ofMinutes(5))))) {
      OrderRef open = rig.placed();
      rig.cancel(open);
      // When it is cancelled and looked up again
      CallResult again = rig.cancel(open);
      CallResult looked = rig.status(open);
      // Then nobody says that it has ended, as long as it has not
      if (!rig.inBook(open).terminal()) {
        assertThat(again.reply())
            .isNotInstanceOfAny(
                Reply.Canceled.class, Reply.NotOpen.class, Reply.UnknownOrder.class);
        OrdStatus told = looked.reply().told().ordStatus();
        assertThat(told == null || !told.terminal()).as("%s", looked).isTrue();
      }
    }
  }

  /** Else the suite above would prove nothing of it. */
  @ParameterizedTest
  @MethodSource("oneByOne")
  void shouldBehaveOtherwiseThanWithoutIt(VenueKind kind, Set<Doubt> doubts) throws Exception {
    List<String> usual = said(kind, Set.of());
    assertThat(said(kind, Set.of())).isEqualTo(usual);
    assertThat(said(kind, doubts)).isNotEqualTo(usual);
  }

  /** What the venue's answers look like, ids and times aside. */
  private static List<String> said(VenueKind kind, Set<Doubt> doubts) throws Exception {
    List<String> said = new ArrayList<>();
    try (var rig =
        Rig.start(
            kind,
            options ->
                options
                    .withDoubts(doubts)
                    .withAccounts(
                        kind == VenueKind.CROSSTRADE || kind == VenueKind.CROSSTRADE_WS
                            ? Set.of("Sim101")
                            : Set.of())
                    .withSettle(
                        kind.adapter().startsWith("crosstrade")
                            ? Latency.fixed(Duration.ofMinutes(5))
                            : Latency.NONE))) {
      OrderRef ended = rig.placed();
      rig.simulator.book().fill(ended);
      OrderRef open = rig.placed();
      for (OrderRef ref : List.of(open, open, ended, rig.newRef())) {
        said.add(said(rig.adapter.cancel(Rig.request(ref), Rig.PATIENCE)));
        said.add(said(rig.adapter.status(Rig.request(ref), Rig.PATIENCE)));
      }
      OrderRef elsewhere = new OrderRef(kind.adapter(), "Sim999", rig.newRef().orderId());
      said.add(said(rig.adapter.cancel(Rig.request(elsewhere), Rig.PATIENCE)));
    }
    if (kind.adapter().startsWith("crosstrade")) {
      said.add(limited(kind, doubts));
    }
    said.addAll(bodies(kind, doubts));
    return said;
  }

  private static String said(CallResult answer) {
    return String.valueOf(answer.response())
        .replaceAll("\"id\": ?\"[^\"]*\"|[0-9a-f]{8}-[0-9a-f-]{20,}|[0-9a-f]{16,}", "ID")
        .replaceAll("ord-[0-9-]+|\\b21[0-9]{4}\\b", "ID");
  }

  /** Lists and tokens, which no answer to a cancel shows. */
  private static List<String> bodies(VenueKind kind, Set<Doubt> doubts) throws Exception {
    try (var rig = start(kind, doubts)) {
      var http = java.net.http.HttpClient.newHttpClient();
      var uri =
          switch (kind) {
            case CROSSTRADE -> rig.simulator.venueUrl(kind.adapter()) + "/v1/api/accounts";
            case CADENZA -> rig.simulator.venueUrl(kind.adapter()) + "/api/v3/auth/login";
            default -> null;
          };
      if (uri == null) {
        return List.of();
      }
      var known = io.countermand.simulator.options.SimulatedCredentials.DEFAULT;
      var login =
          "{\"email\":\"%s\",\"password\":\"%s\"}".formatted(known.user(), known.password());
      var request = java.net.http.HttpRequest.newBuilder(java.net.URI.create(uri));
      var body =
          http.send(
                  kind == VenueKind.CADENZA
                      ? request
                          .header("Content-Type", "application/json")
                          .POST(java.net.http.HttpRequest.BodyPublishers.ofString(login))
                          .build()
                      : request.header("Authorization", "Bearer " + known.token()).build(),
                  java.net.http.HttpResponse.BodyHandlers.ofString())
              .body();
      return List.of(body.replaceAll("(access|refresh)-[0-9a-f-]+", "TOKEN"));
    }
  }

  private static String limited(VenueKind kind, Set<Doubt> doubts) throws Exception {
    try (var rig =
        Rig.start(
            kind,
            options ->
                options
                    .withDoubts(doubts)
                    .withLimits(new SimulatedLimits(1, 1, Duration.ofMinutes(5), Duration.ZERO)))) {
      rig.cancel(rig.placed());
      Reply reply = rig.cancel(rig.placed()).reply();
      assertThat(reply).isInstanceOf(Reply.RetryLater.class);
      return String.valueOf(((Reply.RetryLater) reply).at());
    }
  }

  @Test
  void shouldSettleByTheRecordWhatNoLookUpTells() throws Exception {
    VenueKind kind = VenueKind.CROSSTRADE;
    try (var rig = start(kind, Set.of(Doubt.ENDED_FORGOTTEN))) {
      VenueAdapter adapter =
          new EndedByHistory(rig.adapter, new Budget(Rate.perSecond(100, 100), rig.clock));
      OrderRef filled = rig.placed();
      rig.simulator.book().fill(filled);
      OrderRef canceled = rig.placed();
      rig.cancel(canceled);
      // When, Then
      assertThat(rig.status(filled).reply()).isInstanceOf(Reply.GoneOrUnknown.class);
      assertThat(told(adapter, filled)).isEqualTo(OrdStatus.FILLED);
      assertThat(told(adapter, canceled)).isEqualTo(OrdStatus.CANCELED);
      // And one that never was, or is of another account, stays what it is
      assertThat(told(adapter, rig.newRef())).isNull();
      assertThat(told(adapter, new OrderRef(kind.adapter(), "Sim102", filled.orderId()))).isNull();
    }
  }

  private static OrdStatus told(VenueAdapter adapter, OrderRef ref) {
    return adapter.status(Rig.request(ref), Rig.PATIENCE).reply().told().ordStatus();
  }

  @ParameterizedTest
  @EnumSource
  void shouldDrawTheSameFromTheSameSeed(VenueKind kind) {
    Set<Set<Doubt>> drawn = new HashSet<>();
    for (long seed = 0; seed < 2_000; seed++) {
      Set<Doubt> one = Doubt.drawn(kind, "a", seed);
      assertThat(one).isEqualTo(Doubt.drawn(kind, "a", seed)).allMatch(each -> each.isOf(kind));
      drawn.add(one);
    }
    assertThat(drawn).hasSize(1 << of(kind).count());
    var options =
        SimulatorOptions.of(List.of(InstanceOptions.of("a", kind))).withSeed(7).doubting();
    assertThat(options.instances().getFirst().doubts()).isEqualTo(Doubt.drawn(kind, "a", 7));
  }
}
