package io.countermand.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.order.Side;
import io.countermand.events.Cancel;
import io.countermand.events.CancelOutcome;
import io.countermand.events.CancelResult;
import io.countermand.events.DecidedBy;
import io.countermand.events.Evidence;
import io.countermand.events.KillSwitch;
import io.countermand.events.MassReport;
import io.countermand.events.MassScope;
import io.countermand.events.MassState;
import io.countermand.events.OrdStatus;
import io.countermand.events.OrderKey;
import io.countermand.events.OrderState;
import io.countermand.events.PauseCause;
import io.countermand.events.Reason;
import io.countermand.events.VenuePause;
import io.countermand.kafka.KafkaConnection;
import io.countermand.kafka.client.SwitchReader;
import io.countermand.platform.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Kill switches and pauses, as a console tells of them: what holds, and what it does not know. */
@Tag("long") // a broker of its own
class StandingTest extends OwnConsole {

  private static final List<String> PAGES =
      List.of(
          "/",
          "/cancels",
          "/cancel?order=a&id=b",
          "/orders",
          "/unresolved",
          "/dead-letters",
          "/mass-cancels",
          "/kill",
          "/venues",
          "/none");

  private static String id() {
    return "kill-" + UUID.randomUUID();
  }

  private static String banner(String page) {
    int from = page.indexOf("<section class=\"banner\"");
    return from < 0 ? "" : page.substring(from, page.indexOf("</section>", from));
  }

  @Test
  void shouldTellOnEveryPageOfASwitchThatIsOnUntilItIsReleased() throws Exception {
    // Given
    String id = id();
    KillSwitch on = fire(id);
    MassReport report =
        MassReport.newBuilder()
            .setMass(on.getMass())
            .setNumber(1)
            .setState(MassState.DONE)
            .setText("all of it")
            .setAt(Instant.now())
            .build();
    write(Topics.MASS_REPORTS, id, report);
    await("/mass-cancels", id);
    // When
    write(Topics.KILL_SWITCHES, id, on);
    // Then
    await("/kill", id);
    for (String path : PAGES) {
      assertThat(banner(get(path).body()))
          .as(path)
          .contains(
              "Kill switch ON</strong> since <time datetime=\"" + DisplayText.iso(on.getSince()),
              DisplayText.time(on.getSince()) + "</time> UTC: ",
              "<bdi>venue cadenza, account Desk1</bdi>, by <bdi>alice</bdi>",
              "rogue algorithm",
              "href=\"/kill\"");
    }
    assertThat(get("/switches").body()).startsWith("<section class=\"banner\"").contains("alice");
    String page = get("/kill").body();
    assertThat(page).contains("! ON since", ">venue cadenza, account Desk1<", ">alice<", id);
    assertThat(page).contains("href=\"/mass-cancel?id=" + id + "\"");
    assertThat(get("/mass-cancel?id=" + id).statusCode()).isEqualTo(200);
    // When
    KillSwitch off = released(on, "bob", "algorithm mended");
    write(Topics.KILL_SWITCHES, id, off);
    // Then
    String after = await("/kill", "algorithm mended");
    assertThat(after)
        .contains(
            "None is on.",
            ">bob<",
            "Off since <time datetime=\"" + DisplayText.iso(off.getReleased().getAt()),
            "href=\"/mass-cancel?id=" + id + "\"");
    for (String path : PAGES) {
      assertThat(banner(get(path).body())).as(path).isEmpty();
    }
    assertThat(get("/switches").body().strip()).isEmpty();
  }

  @Test
  void shouldTellHowManyAreOnWhereThereAreMoreThanABannerHolds() throws Exception {
    // When
    for (int i = 0; i < 4; i++) {
      String id = id();
      write(Topics.KILL_SWITCHES, id, fire(id));
    }
    // Then
    await("/kill", fired.getLast());
    assertThat(banner(get("/").body())).contains("2 more ON");
    assertThat(get("/kill").body()).contains(fired).contains("Its report is not kept here");
  }

  @Test
  void shouldTellOfCommittedSwitchesOnly() throws Exception {
    // Given
    String never = id();
    String id = id();
    try (var transactions =
        producer(Map.of("transactional.id", never, "transaction.timeout.ms", 10_000))) {
      transactions.initTransactions();
      transactions.beginTransaction();
      transactions
          .send(
              new ProducerRecord<>(
                  Topics.KILL_SWITCHES,
                  never.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                  bytes(Topics.KILL_SWITCHES, fire(never))))
          .get(60, TimeUnit.SECONDS);
      transactions.abortTransaction();
    }
    // When
    write(Topics.KILL_SWITCHES, id, fire(id));
    // Then
    assertThat(await("/kill", id)).doesNotContain(never);
  }

  @Test
  void shouldTellOfARecordThatCannotBeRead() throws Exception {
    // When
    String id = id();
    long offset = write(Topics.KILL_SWITCHES, id, new byte[] {9, 9});
    // Then
    String place = "kill-switches-0@" + offset + " cannot be read: NOT_AVRO";
    String page = await("/kill", place);
    var connection =
        new KafkaConnection(
            platform.bootstrapServers(), platform.registryUrl(), "test", Map.of(), Map.of());
    assertThat(page)
        .as("the same as `kill list` says")
        .contains(SwitchReader.read(connection).unreadable())
        .contains("fire it again under another id", "None that is known here.")
        .doesNotContain("None is on.");
    assertThat(banner(get("/").body())).contains("a kill switch may be on that is not shown");
    // When
    write(Topics.KILL_SWITCHES, id, fire(id));
    // Then
    assertThat(await("/kill", id)).doesNotContain("cannot be read");
    assertThat(banner(get("/").body())).contains("alice").doesNotContain("may be on");
    // When: what is on cannot be read any more
    write(Topics.KILL_SWITCHES, id, new byte[] {9});
    // Then: it counts as on
    await("/kill", "cannot be read");
    assertThat(banner(get("/").body())).contains("alice", "may be on that is not shown");
  }

  @Test
  @Tag("long")
  void shouldTellThatNobodyKnowsWhileTheBrokerIsAway() throws Exception {
    // Given
    String id = id();
    write(Topics.KILL_SWITCHES, id, fire(id));
    await("/kill", id);
    // When
    signal("STOP");
    try {
      // Then
      String page = await("/", each -> banner(each).contains("kill-switches cannot be read now"));
      assertThat(banner(page)).contains("alice");
      assertThat(console.missing()).contains("kill-switches cannot be read");
    } finally {
      signal("CONT");
    }
    await("/", each -> !banner(each).contains("cannot be read now"));
  }

  private void signal(String name) throws Exception {
    String pid = Long.toString(platform.brokerPid());
    assertThat(new ProcessBuilder("kill", "-" + name, pid).start().waitFor()).isZero();
  }

  @Test
  void shouldSayAScopeAsTheCommandLineDoes() {
    // Given
    var scope = new MassScope();
    scope.setVenue("v");
    scope.setAccount("a");
    scope.setInstrument("i");
    scope.setSide(io.countermand.events.Side.SELL);
    scope.setTrader("t");
    scope.setDesk("d");
    scope.setAlgorithm("g");
    scope.setClient("c");
    var all = new MassScope();
    all.setAll(true);
    // When, then
    assertThat(Scopes.words(scope))
        .isEqualTo(
            new io.countermand.domain.mass.MassScope(
                    false, "v", "a", "i", Side.SELL, "t", "d", "g", "c")
                .words());
    assertThat(Scopes.words(all)).isEqualTo(io.countermand.domain.mass.MassScope.ALL.words());
  }

  private static VenuePause pause(String venue, Instant until, PauseCause cause, String text) {
    return new VenuePause(venue, until, cause, text, "desk-7", Instant.now());
  }

  private static String name() {
    return "v" + UUID.randomUUID().toString().replace("-", "");
  }

  /** What the page says of one. */
  private static String of(String venue, String page) {
    int from = page.indexOf("<bdi>" + venue + "</bdi></h2>");
    return from < 0 ? "" : page.substring(from, page.indexOf("</article>", from));
  }

  @Test
  void shouldTellOfThePausesThatHold() throws Exception {
    // Given
    String venue = name();
    String resumed = name();
    Instant soon = now().plus(Duration.ofHours(1));
    write(
        Topics.PAUSES,
        venue + "/f00d",
        pause(venue, soon, PauseCause.LOCKED_OUT, "too many failed logins"));
    write(
        Topics.PAUSES,
        venue + "/beef",
        pause(venue, Instant.now().minusSeconds(1), PauseCause.RATE_LIMITED, "over already"));
    write(Topics.PAUSES, resumed + "/f00d", pause(resumed, soon, PauseCause.UNAUTHORIZED, "who?"));
    await("/venues", page -> of(resumed, page).contains("who?"));
    // When
    write(Topics.PAUSES, resumed, pause(resumed, Instant.EPOCH, PauseCause.OPERATOR, "mended"));
    // Then
    String page = await("/venues", each -> !each.contains("who?"));
    assertThat(of(venue, page))
        .contains(
            "Paused</strong> until <time datetime=\"" + DisplayText.iso(soon),
            "LOCKED_OUT, <bdi>too many failed logins</bdi>",
            "told by <bdi>desk-7</bdi>",
            "<bdi>f00d</bdi>, for every venue of it")
        .doesNotContain("over already", "No pause");
    assertThat(of(resumed, page)).isEmpty();
    // When: an operator says so until further notice
    Instant never = Instant.parse("9999-01-01T00:00:00Z");
    write(Topics.PAUSES, venue, pause(venue, never, PauseCause.OPERATOR, "venue's maintenance"));
    // Then: his word replaces the other
    assertThat(of(venue, await("/venues", "maintenance")))
        .contains("until it is resumed: OPERATOR")
        .doesNotContain("LOCKED_OUT");
  }

  @Test
  void shouldTellOfAPauseThatCannotBeRead() throws Exception {
    // Given
    String venue = name();
    long offset = write(Topics.PAUSES, venue, new byte[] {1});
    String says = "venue-pauses-0@" + offset + " cannot be read";
    assertThat(await("/venues", says)).contains("a pause may hold that is not shown");
    // When
    write(Topics.PAUSES, venue, pause(venue, Instant.EPOCH, PauseCause.OPERATOR, "resumed"));
    // Then
    await("/venues", page -> !page.contains(says));
  }

  @Test
  void shouldTellHowAVenueStands() throws Exception {
    // Given
    String venue = name();
    Instant observed = now().minusSeconds(90);
    for (int i = 0; i < 20; i++) { // in both partitions
      OrderKey order = OrderKey.of(venue, "a", "order" + i);
      var state = new OrderState();
      state.setOrdStatus(OrdStatus.NEW);
      state.setObservedAt(observed.minusSeconds(19 - i));
      write(Topics.ORDER_STATES, order.key(), state);
    }
    OrderKey order = OrderKey.of(venue, "a", "order1");
    write(Topics.OUTCOMES, order.key(), outcome(order, "done", Reason.CONFIRMED_BY_VENUE));
    OrderKey typo = OrderKey.of("x" + venue, "a", "order1");
    write(Topics.OUTCOMES, typo.key(), outcome(typo, "typo", Reason.UNKNOWN_VENUE));
    // When
    write(Topics.INTENTS, order.key(), HostileTest.intent("waits", venue, "a", "order1"));
    write(Topics.INTENTS, order.key(), HostileTest.intent("waits-too", venue, "a", "order1"));
    // Then
    String page =
        await(
            "/venues",
            each ->
                of(venue, each).contains(">2</a>")
                    && of(venue, each).contains("CONFIRMED_BY_VENUE")
                    && of(venue, each).contains(DisplayText.iso(observed)));
    assertThat(of(venue, page))
        .contains(
            "No pause of it is in force.",
            "href=\"/cancels?result=OPEN&amp;venue=" + venue + "\"",
            "id=waits\"><bdi>waits</bdi></a>",
            "since its intent",
            "id=done\">CONFIRMED_BY_VENUE</a>")
        .containsPattern(
            "(1 min [3-5]|2 min [0-5]?)[0-9] s ago, <time datetime=\"" + DisplayText.iso(observed));
    assertThat(get("/cancels?result=OPEN&venue=" + venue).body()).contains(">waits-too<");
    assertThat(page)
        .doesNotContain("<bdi>x" + venue)
        .contains("countermand_desk_breaker", "countermand_desk_budget_permits", "/metrics");
  }

  private static CancelOutcome outcome(OrderKey order, String id, Reason reason) {
    var cancel = new Cancel();
    cancel.setCancelId(id);
    cancel.setVenue(order.venue());
    cancel.setAccount(order.account());
    cancel.setOrderId(order.orderId());
    cancel.setReceivedAt(Instant.now());
    cancel.setDeadline(Instant.now());
    cancel.setCreatedAt(Instant.now());
    cancel.setIntent(new Evidence(Topics.INTENTS, 0, 0L));
    cancel.setDigest("d");
    var outcome = new CancelOutcome();
    outcome.setCancel(cancel);
    outcome.setResult(
        reason == Reason.CONFIRMED_BY_VENUE ? CancelResult.CANCELED : CancelResult.REJECTED);
    outcome.setReason(reason);
    outcome.setText("so");
    outcome.setDecidedBy(DecidedBy.VENUE);
    outcome.setDecidedAt(Instant.now());
    outcome.setAttempts(List.of());
    outcome.setEvidence(List.of());
    return outcome;
  }
}
