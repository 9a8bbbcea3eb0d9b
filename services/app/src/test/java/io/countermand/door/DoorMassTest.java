package io.countermand.door;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.countermand.app.pipeline.PipelineAccess;
import io.countermand.events.MassCancel;
import io.countermand.events.MassScope;
import io.countermand.events.OrderKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Mass cancels and kill switches of a program without a Kafka client, on the real pipeline. */
@Tag("front") // infra/compose/ci
class DoorMassTest extends DoorScenario {

  /** Orders of other tests are none of its business: each has an account of its own. */
  private static final String OWN = "Mass" + UUID.randomUUID().toString().substring(0, 8);

  private static final List<String> ACCOUNTS =
      Stream.of("limit", "later", "closing", "key", "beyond", "report", "switch", "list", "refusal")
          .map(each -> OWN + each)
          .toList();

  private static final String STAY = OWN + "stay";

  private final String token = TokenFile.newToken();
  private final String elsewhere = TokenFile.newToken();
  private DoorVisitor desk;
  private DoorVisitor neighbour;

  DoorMassTest(PipelineAccess.Stack stack) {
    super(stack);
  }

  @Override
  List<String> moreTokens() {
    return List.of(
        TokenFile.line(
            token,
            "risk",
            "mass-cancel,read,release",
            ACCOUNTS.stream().map(each -> VENUE + "/" + each).collect(Collectors.joining(","))),
        TokenFile.line(
            elsewhere,
            "neighbour",
            "cancel,mass-cancel,read,release",
            VENUE + "/" + STAY + ",cadenza/*"));
  }

  @BeforeAll
  void visit() {
    desk = new DoorVisitor(http, door.port(), token);
    neighbour = new DoorVisitor(http, door.port(), elsewhere);
  }

  @Test
  void shouldCancelAScopeAndTellItsLastReportToWhoWaits() throws Exception {
    // Given
    String own = OWN + "limit";
    List<OrderKey> in = placed(own, 3);
    OrderKey out = known(place(STAY));
    String key = "limit/" + id();
    Map<String, ?> body = body(own, "limit", "by", "jane");
    // When
    DoorVisitor.Answer answer = desk.massCancel(body, "Prefer", "wait=60", "Idempotency-Key", key);
    DoorVisitor.Answer again = desk.massCancel(body, "Prefer", "wait=60", "Idempotency-Key", key);
    // Then
    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    assertThat(answer.body().get("state").asText()).isEqualTo("DONE");
    assertThat(answer.body().get("flat").asBoolean()).as("%s", answer).isTrue();
    assertThat(answer.body().get("total").asInt()).isEqualTo(3);
    assertThat(answer.body().get("canceled").asInt()).isEqualTo(3);
    assertThat(answer.body().get("by").asText()).isEqualTo("risk: jane");
    assertThat(answer.body().at("/accounts/0/account").asText()).isEqualTo(own);
    assertThat(answer.header("Location")).isEqualTo("/v1/mass-cancels/" + key.replace("/", "%2F"));
    assertThat(desk.get(answer.header("Location")).body()).isEqualTo(answer.body());
    assertThat(again.body()).isEqualTo(answer.body());
    assertThat(in).allMatch(order -> calls(order) == 1);
    assertThat(calls(out)).isZero();
  }

  @Test
  void shouldAnswerWhenKafkaHasItAndTellTheReportLaterAndAfterARestart() throws Exception {
    // Given
    String own = OWN + "later";
    List<OrderKey> in = placed(own, 2);
    hold(in.getFirst());
    // When
    DoorVisitor.Answer answer = desk.massCancel(body(own, "limit"));
    // Then
    assertThat(answer.status()).as("%s", answer).isEqualTo(202);
    assertThat(answer.body().get("last").asBoolean()).isFalse();
    String path = answer.header("Location");
    assertThat(desk.get(path).status()).isEqualTo(200);
    letGo();
    JsonNode last = last(desk, path);
    assertThat(last.get("state").asText()).isEqualTo("DONE");
    assertThat(last.get("total").asInt()).isEqualTo(2);
    try (Door restarted = openDoor()) {
      Awaitility.await("read again").atMost(PATIENCE).until(() -> restarted.missing().isEmpty());
      assertThat(new DoorVisitor(http, restarted.port(), token).get(path).body()).isEqualTo(last);
    }
  }

  @Test
  void shouldBeOneMassCancelThoughTheDoorClosesUnderWhoWaits() throws Exception {
    // Given
    String own = OWN + "closing";
    List<OrderKey> in = placed(own, 3);
    in.forEach(this::hold);
    String key = id();
    Door first = openDoor();
    Future<DoorVisitor.Answer> waiting;
    try (ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor()) {
      var caller = new DoorVisitor(http, first.port(), token);
      waiting =
          thread.submit(
              () -> caller.massCancel(body(own, "m"), "Prefer", "wait=60", "Idempotency-Key", key));
      Awaitility.await().atMost(PATIENCE).until(() -> in.stream().anyMatch(o -> calls(o) > 0));
      first.close();
    }
    // When: asked again while the venue has answered nothing, and then
    DoorVisitor.Answer meanwhile = desk.massCancel(body(own, "m"), "Idempotency-Key", key);
    letGo();
    DoorVisitor.Answer again =
        desk.massCancel(body(own, "m"), "Prefer", "wait=60", "Idempotency-Key", key);
    // Then
    assertThat(waiting.get().status()).isEqualTo(503);
    assertThat(waiting.get().body().get("title").asText()).isEqualTo("CLOSED");
    assertThat(meanwhile.status()).as("%s", meanwhile).isEqualTo(202);
    assertThat(again.status()).as("%s", again).isEqualTo(200);
    assertThat(again.body().get("canceled").asInt()).isEqualTo(3);
    assertThat(in).allMatch(order -> calls(order) == 1);
  }

  @Test
  void shouldTellThatAKeyStoodForAnotherMassCancel() throws Exception {
    // Given: two at once, which neither knows of the other
    String own = OWN + "key";
    String key = id();
    List<Future<DoorVisitor.Answer>> both = new ArrayList<>();
    try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
      for (String reason : List.of("one", "two")) {
        both.add(
            each.submit(
                () ->
                    desk.massCancel(
                        body(own, reason), "Prefer", "wait=60", "Idempotency-Key", key)));
      }
    }
    // When
    DoorVisitor.Answer later = desk.massCancel(body(own, "three"), "Idempotency-Key", key);
    DoorVisitor.Answer others =
        neighbour.massCancel(
            Map.of("scope", Map.of("venue", VENUE, "account", STAY), "reason", "four"),
            "Prefer",
            "wait=60",
            "Idempotency-Key",
            key);
    // Then
    assertThat(List.of(both.get(0).get().status(), both.get(1).get().status()))
        .containsExactlyInAnyOrder(200, 409);
    assertThat(List.of(later.status(), others.status())).containsOnly(409);
    assertThat(others.body().get("title").asText()).isEqualTo("ID_IN_USE");
    assertThat(others.body().toString()).doesNotContain(own);
  }

  @Test
  void shouldKeepATokenWithinItsAccountsAndItsVerbs() throws Exception {
    // Given
    String own = OWN + "beyond";
    OrderKey order = known(place(own));
    List<Map<String, ?>> beyond =
        List.of(
            Map.of("all", true),
            Map.of(),
            Map.of("venue", VENUE),
            Map.of("account", own),
            Map.of("venue", VENUE, "account", STAY),
            Map.of("venue", "cadenza", "account", own),
            Map.of("trader", "jane"));
    // When, then
    for (Map<String, ?> scope : beyond) {
      Map<String, ?> body = Map.of("scope", scope, "reason", "beyond", "dryRun", true);
      assertThat(desk.massCancel(body).status()).as("%s", scope).isEqualTo(403);
    }
    assertThat(neighbour.massCancel(body(own, "not his")).status()).isEqualTo(403);
    Map<String, ?> his =
        Map.of("scope", Map.of("venue", VENUE, "account", ACCOUNT), "reason", "r", "dryRun", true);
    assertThat(visitor.massCancel(his).status()).as("may cancel singly only").isEqualTo(403);
    for (Map<String, ?> scope : List.of(Map.of("venue", "cadenza"), Map.of("account", own))) {
      Map<String, ?> body = Map.of("scope", scope, "reason", "drill", "dryRun", true);
      DoorVisitor may = scope.containsKey("venue") ? neighbour : all;
      assertThat(may.massCancel(body, "Prefer", "wait=60").status()).as("%s", scope).isEqualTo(200);
    }
    assertThat(calls(order)).isZero();
  }

  @Test
  void shouldShowAReportToNobodyWhomItsScopeIsBeyond() throws Exception {
    // Given
    String own = OWN + "report";
    Map<String, ?> count = body(own, "drill", "dryRun", true);
    String path = desk.massCancel(count, "Prefer", "wait=60").header("Location");
    Map<String, ?> wide = Map.of("scope", Map.of("account", own), "reason", "wide", "dryRun", true);
    String wider = all.massCancel(wide, "Prefer", "wait=60").header("Location");
    // When, then
    assertThat(desk.get(path).status()).isEqualTo(200);
    assertThat(all.get(path).status()).isEqualTo(200);
    assertThat(all.get(wider).status()).isEqualTo(200);
    DoorVisitor.Answer unknown = desk.get("/v1/mass-cancels/" + id());
    for (DoorVisitor.Answer no : List.of(neighbour.get(path), desk.get(wider), visitor.get(path))) {
      assertThat(no.status()).isEqualTo(404);
      assertThat(no.body()).isEqualTo(unknown.body());
    }
  }

  @Test
  void shouldKeepAKillSwitchOnUntilWhoMayReleasesIt() throws Exception {
    // Given
    String own = OWN + "switch";
    OrderKey before = known(place(own));
    DoorVisitor.Answer fired =
        desk.massCancel(body(own, "rogue", "keep", true), "Prefer", "wait=60");
    assertThat(fired.status()).as("%s", fired).isEqualTo(200);
    assertThat(fired.body().get("keep").asBoolean()).isTrue();
    OrderKey later = place(own);
    Awaitility.await("cancelled, too").atMost(PATIENCE).until(() -> calls(later) == 1);
    String release = fired.header("Location") + "/release";
    Map<String, ?> why = Map.of("reason", "fixed");
    // When, then
    assertThat(neighbour.post(release, why).status()).isEqualTo(404);
    assertThat(visitor.post(release, why).status()).isEqualTo(403);
    assertThat(desk.post("/v1/mass-cancels/" + id() + "/release", why).status()).isEqualTo(404);
    assertThat(desk.post(release, Map.of()).status()).isEqualTo(400);
    DoorVisitor.Answer released = desk.post(release, why, "Prefer", "wait=60");
    assertThat(released.status()).as("%s", released).isEqualTo(200);
    assertThat(released.body().get("text").asText()).contains("released");
    assertThat(desk.get(released.header("Location")).body()).isEqualTo(released.body());
    assertThat(neighbour.get(released.header("Location")).status()).isEqualTo(404);
    DoorVisitor.Answer again = desk.post(release, why, "Prefer", "wait=60");
    assertThat(again.body().get("text").asText()).contains("off since", "by risk");
    // Its report comes before each partition has read of it; that of a count comes after.
    Map<String, ?> count = body(own, "drill", "dryRun", true);
    assertThat(desk.massCancel(count, "Prefer", "wait=60").status()).isEqualTo(200);
    OrderKey free = known(place(own));
    assertThat(List.of(calls(before), calls(later), calls(free))).containsExactly(1L, 1L, 0L);
    assertThat(desk.massCancel(body(own, "tidy"), "Prefer", "wait=60").status()).isEqualTo(200);
  }

  @Test
  void shouldListTheKillSwitchesThatMayReachTheCallersAccounts() throws Exception {
    // Given: one of an account, and one of a trader, whatever the account
    String own = OWN + "list";
    String trader = "trader-" + OWN;
    DoorVisitor.Answer narrow =
        desk.massCancel(body(own, "rogue", "keep", true), "Prefer", "wait=60");
    DoorVisitor.Answer wide =
        all.massCancel(
            Map.of("scope", Map.of("trader", trader), "reason", "left us", "keep", true),
            "Prefer",
            "wait=60");
    // When
    Map<String, JsonNode> desks = on(desk, own, trader);
    Map<String, JsonNode> others = on(neighbour, own, trader);
    Map<String, JsonNode> everything = on(all, own, trader);
    // Then
    assertThat(desks).containsOnlyKeys(own, trader);
    assertThat(desks.get(own).get("massId")).isEqualTo(narrow.body().get("massId"));
    assertThat(desks.get(own).get("by").asText()).isEqualTo("risk");
    assertThat(desks.get(own).get("reason").asText()).isEqualTo("rogue");
    assertThat(desks.get(own).get("report").asText()).isEqualTo(narrow.header("Location"));
    assertThat(desks.get(trader).get("massId").isNull()).as("%s", desks).isTrue();
    assertThat(desks.get(trader).toString()).doesNotContain("left us");
    assertThat(others).containsOnlyKeys(trader);
    assertThat(everything).containsOnlyKeys(own, trader);
    assertThat(everything.get(trader).get("massId")).isEqualTo(wide.body().get("massId"));
    assertThat(on(all, own, trader, "?venue=cadenza")).containsOnlyKeys(trader);
    assertThat(on(all, own, trader, "?account=" + STAY)).containsOnlyKeys(trader);
    assertThat(all.get("/v1/kill-switches?venue=crosstade").status()).isEqualTo(400);
    // When
    for (DoorVisitor.Answer fired : List.of(narrow, wide)) {
      all.post(
          fired.header("Location") + "/release", Map.of("reason", "over"), "Prefer", "wait=60");
    }
    // Then
    assertThat(on(all, own, trader)).isEmpty();
  }

  private static Map<String, JsonNode> on(DoorVisitor caller, String account, String trader)
      throws Exception {
    return on(caller, account, trader, "");
  }

  /** Of this test's, those that are on: by account or trader. */
  private static Map<String, JsonNode> on(
      DoorVisitor caller, String account, String trader, String query) throws Exception {
    DoorVisitor.Answer answer = caller.get("/v1/kill-switches" + query);
    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    assertThat(answer.body().get("unreadable").asInt()).isZero();
    Map<String, JsonNode> found = new HashMap<>();
    for (JsonNode one : answer.body().get("killSwitches")) {
      JsonNode scope = one.get("scope");
      String of =
          scope.has("account") ? scope.get("account").asText() : scope.path("trader").asText();
      if (of.equals(account) || of.equals(trader)) {
        found.put(of, one);
      }
    }
    return found;
  }

  @Test
  void shouldTellWhoIsNotForAllNothingOfWhatARefusalMayTell() throws Exception {
    // Given: the ledger refuses what came without the door
    String own = OWN + "refusal";
    String key = id();
    MassCancel late =
        MassCancel.newBuilder()
            .setMassId(key)
            .setScope(MassScope.newBuilder().setVenue(VENUE).setAccount(own).build())
            .setBy("risk")
            .setReason("late")
            .setDeadline(Instant.parse("2026-01-31T12:00:00Z"))
            .setCreatedAt(Instant.parse("2026-01-31T12:00:00Z"))
            .build();
    // When
    masses.publish(late);
    // Then
    JsonNode shown = last(desk, "/v1/mass-cancels/" + key);
    assertThat(shown.get("state").asText()).isEqualTo("REFUSED");
    assertThat(shown.get("text").asText()).startsWith("refused: ");
    assertThat(all.get("/v1/mass-cancels/" + key).body().get("text").asText())
        .contains("had passed at");
    // and its id is free
    var count = body(own, "late", "dryRun", true);
    assertThat(desk.massCancel(count, "Prefer", "wait=60", "Idempotency-Key", key).status())
        .isEqualTo(200);
  }

  @Test
  void shouldSayWhatIsWrong() throws Exception {
    String own = OWN + "limit";
    Map<String, ?> scope = Map.of("venue", VENUE, "account", own);
    Map<Map<String, ?>, String> wrong =
        Map.ofEntries(
            Map.entry(Map.of("reason", "r"), "scope is missing"),
            Map.entry(Map.of("scope", "all", "reason", "r"), "scope must be an object"),
            Map.entry(Map.of("scope", Map.of("al", true), "reason", "r"), "no field 'scope.al'"),
            Map.entry(Map.of("scope", scope), "reason is missing"),
            Map.entry(Map.of("scope", Map.of(), "reason", "r"), "the scope is empty"),
            Map.entry(
                Map.of("scope", Map.of("all", true, "venue", VENUE), "reason", "r"),
                "says all and something else"),
            Map.entry(
                Map.of("scope", Map.of("venue", VENUE, "side", "LONG"), "reason", "r"),
                "scope.side is BUY or SELL"),
            Map.entry(
                Map.of("scope", Map.of("venue", "crosstade"), "reason", "r"),
                "no venue 'crosstade' is configured"),
            Map.entry(
                Map.of("scope", scope, "reason", "r", "keep", true, "dryRun", true), "keep: "),
            Map.entry(
                Map.of("scope", scope, "reason", "r", "deadline", "2026-01-31T12:00:00Z"),
                "had passed"),
            Map.entry(
                Map.of("scope", scope, "reason", "r", "deadline", "soon"),
                "deadline must be a time"),
            Map.entry(
                Map.of(
                    "scope", scope, "reason", "r", "within", 5, "deadline", "2199-01-01T00:00:00Z"),
                "which of the two?"),
            Map.entry(Map.of("scope", scope, "reason", "r", "by", "x".repeat(256)), "by has "));
    for (var each : wrong.entrySet()) {
      DoorVisitor.Answer answer = all.massCancel(each.getKey());
      assertThat(answer.status()).as("%s", answer).isEqualTo(400);
      assertThat(answer.body().get("detail").asText()).contains(each.getValue());
    }
    assertThat(all.massCancel(body(own, "r"), "Idempotency-Key", "k".repeat(65)).status())
        .isEqualTo(400);
  }

  private List<OrderKey> placed(String account, int orders) {
    List<OrderKey> all = IntStream.range(0, orders).mapToObj(_ -> place(account)).toList();
    all.forEach(this::known);
    return all;
  }

  /** To the desk's table, which the door reads. */
  private OrderKey known(OrderKey order) {
    Awaitility.await(order.key())
        .atMost(PATIENCE)
        .until(() -> all.get("/v1/orders/" + order.key()).status() == 200);
    return order;
  }

  private static JsonNode last(DoorVisitor caller, String path) {
    return Awaitility.await(path)
        .atMost(PATIENCE)
        .until(() -> caller.get(path).body(), one -> one.path("last").asBoolean());
  }

  private static Map<String, ?> body(String account, String reason) {
    return Map.of("scope", Map.of("venue", VENUE, "account", account), "reason", reason);
  }

  private static Map<String, ?> body(String account, String reason, String name, Object value) {
    return Map.of(
        "scope", Map.of("venue", VENUE, "account", account), "reason", reason, name, value);
  }

  private static String id() {
    return UUID.randomUUID().toString();
  }
}
