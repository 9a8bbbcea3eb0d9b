// Over 300 lines: one stack for all faults, and a test for each.
package io.countermand.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.countermand.app.local.LocalStack;
import io.countermand.app.pipeline.Pipeline;
import io.countermand.domain.order.OrderRef;
import io.countermand.events.CancelOutcome;
import io.countermand.events.CancelResult;
import io.countermand.events.OrderKey;
import io.countermand.events.Reason;
import io.countermand.platform.Topics;
import io.countermand.simulator.book.NewOrder;
import io.countermand.simulator.book.Order;
import io.countermand.simulator.fault.Fault;
import io.countermand.simulator.fault.FaultRule;
import io.countermand.simulator.journal.JournalCall;
import io.countermand.simulator.request.CallKind;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The client that others embed, while broker or registry is away and while clocks disagree: each
 * future completes, rightly or with words that say what to do. A stack of its own.
 */
@Tag("long")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClientFaultsTest {

  private static final String VENUE = "cadenza";
  private static final String ACCOUNT = "Faults";
  private static final Duration PATIENCE = Duration.ofSeconds(150);
  private static final Duration MINUTES = Duration.ofMinutes(2);
  private static final Duration HASTE = Duration.ofSeconds(20);
  private static final int OUTAGE_SECONDS = 60;
  private static final Duration OFF = Duration.ofSeconds(30);

  private LocalStack stack;
  private Connection connection;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    stack =
        LocalStack.start(
            new LocalStack.Options(
                directory.resolve("stack"),
                0,
                0,
                Map.of(VENUE, VENUE),
                "2ms",
                true,
                Map.of("COUNTERMAND_HTTP_PORT", "0", "COUNTERMAND_VENUES_CADENZA_TIMEOUT", "20s")),
            line -> {});
    connection =
        Connection.of(stack.connection().bootstrapServers(), stack.connection().registryUrl());
  }

  @AfterAll
  void stop() {
    stack.close();
  }

  /**
   * A producer that finds no broker forgets what it knew of topics, and would wait for it again.
   */
  @Test
  void shouldKeepNobodyWaitingWhoAsksWhileTheBrokerIsAway() throws Exception {
    // Given
    List<OrderKey> orders = place(12);
    Connection waiting = connection.withKafka(Map.of("max.block.ms", "130000"));
    try (CancelClient client = CancelClient.connect(waiting)) {
      List<SentCancel> sent = new ArrayList<>(ask(client, orders.subList(0, 2)));
      awaitAll(sent);
      stack.platform().killBroker();
      Instant away = Instant.now();
      Awaitility.await("the producer has noticed")
          .atMost(PATIENCE)
          .until(() -> Duration.between(away, Instant.now()).toSeconds() >= 5);
      // When
      CompletableFuture<List<SentCancel>> asked =
          CompletableFuture.supplyAsync(() -> ask(client, orders.subList(2, 12)));
      // Then: one send that waits takes two minutes
      try {
        sent.addAll(asked.get(60, TimeUnit.SECONDS));
      } finally {
        stack.platform().restartBroker();
      }
      awaitAll(sent);
    }
  }

  @Test
  void shouldCompleteEachFutureThoughTheBrokerIsKilledTwice(TestReporter reporter) {
    // Given
    List<OrderKey> orders = place(300);
    try (CancelClient client = CancelClient.connect(connection)) {
      // When: a third each before, while it is away, and between
      List<SentCancel> sent = new ArrayList<>(ask(client, orders.subList(0, 100)));
      stack.platform().killBroker();
      sent.addAll(ask(client, orders.subList(100, 200)));
      stack.platform().restartBroker();
      sent.addAll(ask(client, orders.subList(200, 300)));
      stack.platform().killBroker();
      stack.platform().restartBroker();
      awaitAll(sent);
      // Then
      Map<String, Long> said =
          sent.stream()
              .collect(Collectors.groupingBy(this::said, TreeMap::new, Collectors.counting()));
      reporter.publishEntry("first: " + said);
      List<SentCancel> again =
          sent.stream()
              .filter(each -> each.outcome().isCompletedExceptionally())
              .map(
                  each ->
                      client.cancel(each.order()).id(each.cancelId()).within(MINUTES).dispatch())
              .toList();
      awaitAll(again);
      assertThat(again).allMatch(each -> said(each).equals("CANCELED"));
      assertThat(client.open()).isEmpty();
    }
    assertThat(orders).allMatch(order -> status(order).equals("CANCELED"));
    Map<String, Long> outcomes =
        Pipeline.read(stack.connection(), Topics.OUTCOMES).stream()
            .collect(
                Collectors.groupingBy(
                    each -> new String(each.key(), StandardCharsets.UTF_8), Collectors.counting()));
    assertThat(orders).allMatch(order -> outcomes.get(order.key()) == 1);
  }

  @Test
  void shouldSayThatItIsNotKnownToBePublishedAndStayOneCancelUnderItsId() {
    // Given: of 30 s that a record may wait, 10 are enough here
    List<OrderKey> orders = place(20);
    Map<String, String> hasty =
        Map.of(
            "delivery.timeout.ms", "10000", "request.timeout.ms", "5000", "max.block.ms", "10000");
    List<SentCancel> sent = new ArrayList<>();
    try (CancelClient client = CancelClient.connect(connection.withKafka(hasty))) {
      // When
      stack.platform().killBroker();
      sent.addAll(ask(client, orders));
      awaitAll(sent);
      // Then
      assertThat(sent).allMatch(each -> said(each).equals("KAFKA_UNREACHABLE"));
      assertThat(sent)
          .allSatisfy(
              each ->
                  assertThat(failure(each))
                      .hasMessageContaining("not known to be published")
                      .hasMessageContaining("under the same id it stays one"));
      stack.platform().restartBroker();
    }
    try (CancelClient client = CancelClient.connect(connection)) {
      List<SentCancel> again =
          sent.stream()
              .map(
                  each ->
                      client.cancel(each.order()).id(each.cancelId()).within(MINUTES).dispatch())
              .toList();
      awaitAll(again);
      assertThat(again).allMatch(each -> said(each).equals("CANCELED"));
    }
    assertThat(orders).allMatch(order -> calls(order).size() == 1);
  }

  @Test
  void shouldWaitForARegistryThatIsAwayAtFirstAndSayWhatToDoIfItStaysAway() throws Exception {
    try (var registry = new RegistryProxy(URI.create(connection.registryUrl()))) {
      var through = Connection.of(connection.bootstrapServers(), registry.url());
      registry.refuse();
      // When
      ClientException said =
          catchThrowableOfType(
              ClientException.class,
              () -> CancelClient.builder(through).connectWithin(Duration.ofSeconds(10)).connect());
      CompletableFuture<CancelClient> later =
          CompletableFuture.supplyAsync(
              () -> CancelClient.builder(through).connectWithin(PATIENCE).connect());
      registry.awaitRefused(3);
      registry.answer();
      // Then
      assertThat(said.problem()).isEqualTo(Problem.REGISTRY_UNREACHABLE);
      assertThat(said).hasMessageContaining("check its URL and that it runs");
      try (CancelClient client = later.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        SentCancel sent = client.cancel(place()).within(MINUTES).dispatch();
        awaitAll(List.of(sent));
        assertThat(said(sent)).isEqualTo("CANCELED");
      }
    }
  }

  /** It takes each connection and never answers, which is worse than one that refuses. */
  @Test
  void shouldCompleteEachFutureThoughTheRegistryHangsFromTheFirstOutcomeOn() throws Exception {
    try (var registry = new RegistryProxy(URI.create(connection.registryUrl()));
        CancelClient client =
            CancelClient.builder(Connection.of(connection.bootstrapServers(), registry.url()))
                .grace(Duration.ofSeconds(1))
                .connect()) {
      // Given: it knows how intents are written, and has read no outcome
      registry.hang();
      // When
      List<SentCancel> hasty =
          place(100).stream()
              .map(order -> client.cancel(order).within(Duration.ofSeconds(40)).dispatch())
              .toList();
      List<SentCancel> patient = ask(client, place(100));
      awaitAll(hasty);
      // Then
      assertThat(hasty).allMatch(each -> said(each).equals("NO_OUTCOME"));
      assertThat(hasty)
          .allSatisfy(
              each ->
                  assertThat(failure(each))
                      .hasMessageContaining("Ask again with the same id")
                      .hasMessageContaining("Outcomes could not be read: Schema registry"));
      assertThat(client.open()).containsExactlyInAnyOrderElementsOf(patient);
      // When
      registry.answer();
      awaitAll(patient);
      List<SentCancel> again =
          hasty.stream()
              .map(
                  each ->
                      client.cancel(each.order()).id(each.cancelId()).within(MINUTES).dispatch())
              .toList();
      awaitAll(again);
      // Then
      assertThat(Stream.concat(patient.stream(), again.stream()))
          .allMatch(each -> said(each).equals("CANCELED"))
          .allMatch(each -> calls(each.order()).size() == 1);
    }
  }

  /** Half of it refuses connections, the other half takes them and never answers. */
  @Test
  void shouldCompleteEachFutureThroughARegistryOutageOfAWholeMinute(TestReporter reporter)
      throws Exception {
    try (var registry = new RegistryProxy(URI.create(connection.registryUrl()));
        CancelClient client =
            CancelClient.connect(Connection.of(connection.bootstrapServers(), registry.url()))) {
      // Given: it knows how intents are written, and has read no outcome
      List<OrderKey> orders = place(2 * OUTAGE_SECONDS);
      registry.refuse();
      // When: one a second that has little time, one that has much; and somebody who starts
      Instant from = Instant.now();
      List<SentCancel> hasty = new CopyOnWriteArrayList<>();
      List<SentCancel> patient = new CopyOnWriteArrayList<>();
      var newcomer =
          CompletableFuture.supplyAsync(
              () ->
                  catchThrowableOfType(
                      ClientException.class,
                      () ->
                          CancelClient.connect(
                              Connection.of(connection.bootstrapServers(), registry.url()))));
      try (var clock = Executors.newSingleThreadScheduledExecutor()) {
        var _ =
            clock.scheduleAtFixedRate(
                () -> {
                  int n = hasty.size();
                  if (n == OUTAGE_SECONDS / 2) {
                    registry.hang();
                  }
                  if (n < OUTAGE_SECONDS) {
                    hasty.addAll(ask(client, orders.subList(2 * n, 2 * n + 1), HASTE));
                    patient.addAll(ask(client, orders.subList(2 * n + 1, 2 * n + 2)));
                  }
                },
                0,
                1,
                TimeUnit.SECONDS);
        Awaitility.await("the minute is over")
            .atMost(PATIENCE)
            .until(
                () ->
                    patient.size() == OUTAGE_SECONDS
                        && Duration.between(from, Instant.now()).toSeconds() >= OUTAGE_SECONDS);
        clock.shutdownNow();
      }
      long early = hasty.stream().filter(each -> each.outcome().isDone()).count();
      registry.answer();
      awaitAll(Stream.concat(hasty.stream(), patient.stream()).toList());
      // Then
      ClientException said = newcomer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertThat(said.problem()).isEqualTo(Problem.REGISTRY_UNREACHABLE);
      assertThat(said).hasMessageContaining("check its URL and that it runs");
      assertThat(hasty).hasSize(OUTAGE_SECONDS);
      assertThat(early).as("some ended while nobody could read outcomes").isPositive();
      List<SentCancel> unknown =
          hasty.stream().filter(each -> each.outcome().isCompletedExceptionally()).toList();
      assertThat(unknown)
          .hasSizeGreaterThanOrEqualTo((int) early)
          .allSatisfy(
              each -> {
                assertThat(failure(each).problem()).isEqualTo(Problem.NO_OUTCOME);
                assertThat(failure(each))
                    .hasMessageContaining("Ask again with the same id")
                    .hasMessageContaining("Outcomes could not be read: Schema registry");
              });
      List<SentCancel> again =
          unknown.stream()
              .map(
                  each ->
                      client.cancel(each.order()).id(each.cancelId()).within(MINUTES).dispatch())
              .toList();
      awaitAll(again);
      List<SentCancel> answered =
          Stream.concat(hasty.stream(), patient.stream())
              .filter(each -> !each.outcome().isCompletedExceptionally())
              .toList();
      assertThat(answered).hasSize(hasty.size() + patient.size() - unknown.size());
      assertThat(Stream.concat(answered.stream(), again.stream()))
          .allMatch(each -> said(each).equals("CANCELED"))
          .allMatch(each -> calls(each.order()).size() == 1);
      assertThat(client.open()).isEmpty();
      reporter.publishEntry(
          "%d with %d s: %d without an outcome in time, all of them had one when asked again; %d with"
                  .formatted(hasty.size(), HASTE.toSeconds(), unknown.size(), patient.size())
              + " two minutes: all CANCELED");
    }
  }

  @Test
  void shouldKeepDeadlinesByTheBrokersClockThoughItsOwnIsOff(TestReporter reporter) {
    // Given: the venue handles none of these
    List<OrderKey> refused = place(10);
    refused.forEach(
        order ->
            stack
                .simulator()
                .faults()
                .add(
                    FaultRule.next(VENUE, Integer.MAX_VALUE, new Fault.TooMany("1"))
                        .on(CallKind.CANCEL)
                        .forOrder(order.orderId())));
    try (CancelClient ahead = connect(OFF);
        CancelClient behind = connect(OFF.negated())) {
      // When
      Duration little = Duration.ofSeconds(1);
      Duration more = OFF.plusSeconds(40);
      List<SentCancel> tooLong = ask(ahead, refused.subList(0, 5), little);
      List<SentCancel> rest = ask(behind, refused.subList(5, 10), more);
      List<SentCancel> good =
          Stream.of(ask(ahead, place(5), little), ask(behind, place(5), more))
              .flatMap(List::stream)
              .toList();
      List<SentCancel> late = ask(behind, place(5), Duration.ofSeconds(5));
      List<SentCancel> all = Stream.of(tooLong, rest, good, late).flatMap(List::stream).toList();
      awaitAll(all);
      // Then
      assertThat(good).allMatch(each -> said(each).equals("CANCELED"));
      for (SentCancel each : late) {
        assertThat(each.outcome().join().getResult()).isEqualTo(CancelResult.REJECTED);
        assertThat(each.outcome().join().getReason()).isEqualTo(Reason.DEADLINE_PASSED);
        assertThat(calls(each.order())).as("after the deadline").isEmpty();
        assertThat(status(each.order())).isEqualTo("NEW");
      }
      for (SentCancel each : Stream.concat(tooLong.stream(), rest.stream()).toList()) {
        CancelOutcome outcome = each.outcome().join();
        assertThat(outcome.getResult()).as("%s", outcome).isEqualTo(CancelResult.REJECTED);
        assertThat(calls(each.order()))
            .isNotEmpty()
            .allMatch(call -> call.received().at().isBefore(each.deadline()));
        assertThat(outcome.getDecidedAt()).isAfterOrEqualTo(each.deadline());
      }
      assertThat(tooLong)
          .as("as long as its clock says, which is ahead")
          .allMatch(
              each ->
                  Duration.between(
                              calls(each.order()).getFirst().received().at(),
                              calls(each.order()).getLast().received().at())
                          .compareTo(OFF.dividedBy(2))
                      > 0);
      reporter.publishEntry(
          all.stream()
              .collect(
                  Collectors.groupingBy(
                      each -> said(each) + " " + each.outcome().join().getReason(),
                      TreeMap::new,
                      Collectors.counting()))
              .toString());
    }
  }

  private CancelClient connect(Duration ahead) {
    InstantSource clock = () -> Instant.now().plus(ahead);
    return CancelClient.builder(connection).clock(clock).connect();
  }

  private List<SentCancel> ask(CancelClient client, List<OrderKey> orders) {
    return ask(client, orders, MINUTES);
  }

  private static List<SentCancel> ask(CancelClient client, List<OrderKey> orders, Duration within) {
    return orders.stream().map(order -> client.cancel(order).within(within).dispatch()).toList();
  }

  private static void awaitAll(List<SentCancel> sent) {
    Awaitility.await("each future is complete")
        .atMost(PATIENCE)
        .until(
            () ->
                sent.stream()
                    .allMatch(
                        each ->
                            each.published().isDone()
                                && each.record().isDone()
                                && each.outcome().isDone()));
  }

  /** Result or problem. */
  private String said(SentCancel sent) {
    return sent.outcome().isCompletedExceptionally()
        ? failure(sent).problem().name()
        : sent.outcome().join().getResult().name();
  }

  private static ClientException failure(SentCancel sent) {
    Throwable error = sent.outcome().handle((_, thrown) -> thrown).join();
    return (ClientException) (error instanceof CompletionException ? error.getCause() : error);
  }

  private List<OrderKey> place(int count) {
    return IntStream.range(0, count).mapToObj(_ -> place()).toList();
  }

  private OrderKey place() {
    OrderKey order = OrderKey.of(VENUE, ACCOUNT, UUID.randomUUID().toString().replace("-", ""));
    stack.simulator().book().place(NewOrder.of(VENUE, ACCOUNT, order.orderId(), "10"));
    return order;
  }

  private String status(OrderKey order) {
    Order found = stack.simulator().book().find(ref(order));
    return found == null ? "none" : found.status().name();
  }

  private List<JournalCall> calls(OrderKey order) {
    return stack.simulator().journal().calls(ref(order)).stream()
        .filter(call -> call.kind() == CallKind.CANCEL)
        .toList();
  }

  private static OrderRef ref(OrderKey order) {
    return new OrderRef(order.venue(), order.account(), order.orderId());
  }
}
