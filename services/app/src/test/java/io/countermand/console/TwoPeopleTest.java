// Over 300 lines: who may confirm what of whom, all over one console with sockets and an issuer.
package io.countermand.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.countermand.client.EventRecord;
import io.countermand.console.access.Access;
import io.countermand.console.access.AccessSettings;
import io.countermand.console.access.IssuerUsers;
import io.countermand.console.access.Shield;
import io.countermand.console.access.UserFile;
import io.countermand.console.access.UserRole;
import io.countermand.console.actions.Actions;
import io.countermand.console.actions.KillProposals;
import io.countermand.console.kept.ActionLog;
import io.countermand.console.kept.KeptSwitches;
import io.countermand.console.kept.MassReports;
import io.countermand.events.ConsoleAction;
import io.countermand.events.ConsoleActionKind;
import io.countermand.events.ConsoleActionState;
import io.countermand.events.MassAccount;
import io.countermand.events.MassCancel;
import io.countermand.events.MassReport;
import io.countermand.events.MassState;
import io.countermand.oidc.ClientSettings;
import io.countermand.oidc.TestIssuer;
import io.countermand.oidc.TestLogins;
import io.javalin.Javalin;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Who may confirm what another proposed, over real sockets, where an issuer gives names that people
 * share and change; with no pipeline behind.
 */
class TwoPeopleTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String AGREED = "looked at it";
  private static final String PASSWORD = "canary-password";

  @TempDir private Path directory;
  private Path users;
  private String line;

  private final HttpClient http = HttpClient.newHttpClient();
  private final List<MassCancel> asked = new CopyOnWriteArrayList<>();
  private final List<ConsoleAction> kept = new CopyOnWriteArrayList<>();
  private final MassReports masses = new MassReports();
  private volatile Instant now = Instant.now();
  private volatile boolean durable = true;
  private volatile int open = 1;
  private volatile List<String> notCovered = List.of();

  /** Nobody's answer to what is asked for, unless it is a count, comes before it is open. */
  private volatile CountDownLatch answers = new CountDownLatch(0);

  private TestIssuer issuer;
  private TestLogins logins;
  private Access access;
  private Javalin server;

  @BeforeEach
  void open() throws Exception {
    users = directory.resolve("users");
    line = UserFile.line("fay", "killer", PASSWORD, 10);
    Files.writeString(users, line);
    issuer = TestIssuer.open();
    logins = TestLogins.at(issuer);
    ClientSettings of = logins.settings();
    var settings =
        new ClientSettings(
            of.issuer(),
            of.clientId(),
            of.clientSecret(),
            of.scopes(),
            of.rolesClaim(),
            "preferred_username",
            of.keepKeys(),
            of.tls());
    access =
        new Access(
            new AccessSettings(
                users,
                new IssuerUsers(settings, Set.of()),
                null,
                Duration.ofMinutes(30),
                Duration.ofHours(12)));
    var writer =
        new PageWriter(
            () -> Frame.of(List.of(), new KeptSwitches().standing(), Frame.Known.YES), true, true);
    var venues = new CachedViews<String, VenuesView>(_ -> null, Duration.ofSeconds(1));
    var proposals = new KillProposals(() -> now, person -> access.may(UserRole.KILLER, person));
    var held = new StandingPages(masses, venues, new ActionLog(), Set.of(), proposals, writer);
    Actions actions = actions();
    var kills = new KillActions(actions, masses, new KeptSwitches(), proposals, writer);
    server =
        Javalin.create(
                config -> {
                  config.startup.showJavalinBanner = false;
                  config.jetty.host = "127.0.0.1";
                  config.jetty.port = 0;
                  config.routes.before(new Shield(null)::before);
                  Routes.signIn(config, new SignInPages(access, writer), held);
                  Routes.acts(config, actions, kills, new MendActions(actions, null, null));
                  Routes.pages(config, held, new MassPages(masses, null, writer), writer);
                })
            .start();
    Awaitility.await("the issuer is known")
        .atMost(PATIENCE)
        .until(
            () -> new ConsoleVisitor(http, server.port()).get("/sign-in/oidc").statusCode() == 303);
  }

  @AfterEach
  void close() {
    server.stop();
    access.close();
    logins.close();
    issuer.close();
    http.close();
  }

  /** A pipeline that counts as many orders in each scope. */
  private Actions actions() {
    return (Actions)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Actions.class},
            (_, method, arguments) ->
                switch (method.getName()) {
                  case "venues" -> new TreeSet<>(Set.of("v"));
                  case "keep" -> kept.add((ConsoleAction) arguments[0]);
                  case "ask" -> ask((MassCancel) arguments[0]);
                  case "secondPersonWithin" -> Duration.ofMinutes(10);
                  case "atLeast" -> Optional.empty();
                  default -> null;
                });
  }

  private boolean ask(MassCancel mass) throws InterruptedException {
    asked.add(mass);
    if (!mass.getDryRun()) {
      assertThat(answers.await(60, TimeUnit.SECONDS)).isTrue();
    }
    if (!durable) {
      return false;
    }
    if (mass.getDryRun()) {
      var report = new MassReport();
      report.setMass(mass);
      report.setNumber(1);
      report.setState(notCovered.isEmpty() ? MassState.DONE : MassState.INCOMPLETE);
      report.setText(open + " would be cancelled");
      report.setTotal(open);
      report.setRejected(Map.of());
      report.setAccounts(List.of(new MassAccount("v", "of its own", open, 0, 0, 0, null)));
      report.setNotCovered(notCovered);
      report.setLeft(List.of());
      report.setBeyond(List.of());
      report.setBeyondUnknown(List.of());
      report.setAt(Instant.now());
      masses.add(new EventRecord<>(report, "mass-cancel-reports", 0, 0, Instant.now(), null));
    }
    return true;
  }

  private ConsoleVisitor signedIn(String name, String subject) throws Exception {
    logins.sign(
        claims -> {
          claims.setSubject(subject);
          claims.setStringClaim("preferred_username", name);
          claims.setStringListClaim("countermand_roles", "killer");
          return logins.signed(claims);
        });
    var visitor = new ConsoleVisitor(http, server.port());
    String page = visitor.get("/sign-in/oidc").headers().firstValue("Location").orElseThrow();
    String back =
        http.send(HttpRequest.newBuilder(URI.create(page)).build(), BodyHandlers.ofString())
            .headers()
            .firstValue("Location")
            .orElseThrow();
    HttpResponse<String> in = visitor.get(back.substring(visitor.origin().length()));
    assertThat(in.statusCode()).as(in.body()).isEqualTo(200);
    return visitor;
  }

  private static String count(ConsoleVisitor visitor) throws Exception {
    HttpResponse<String> counted =
        visitor.post("/kill/count", Map.of("venue", "v", "account", "a", "reason", "why"));
    assertThat(counted.statusCode()).as(counted.body()).isEqualTo(303);
    return id(counted);
  }

  /** Where an answer leads. */
  private static String id(HttpResponse<String> answer) {
    String at = answer.headers().firstValue("Location").orElseThrow();
    return at.substring(at.indexOf("id=") + 3);
  }

  private static HttpResponse<String> fire(ConsoleVisitor visitor, String count) throws Exception {
    return visitor.post("/kill/fire", Map.of("id", count, "word", "kill 1", "within", "60"));
  }

  private static HttpResponse<String> second(ConsoleVisitor visitor, String id) throws Exception {
    return visitor.post(
        "/kill/second", Map.of("id", id, "word", "kill 1", "account", "b", "reason", AGREED));
  }

  private static HttpResponse<String> second(
      ConsoleVisitor visitor, String id, String count, String word) throws Exception {
    return visitor.post(
        "/kill/second", Map.of("id", id, "count", count, "word", word, "reason", AGREED));
  }

  /** Its id. */
  private static String proposed(ConsoleVisitor visitor) throws Exception {
    String count = count(visitor);
    HttpResponse<String> answer = fire(visitor, count);
    assertThat(answer.headers().firstValue("Location"))
        .as(answer.body())
        .contains("/kill?done=proposed");
    return count.substring("count-".length());
  }

  private long fired() {
    return asked.stream().filter(each -> !each.getDryRun()).count();
  }

  @Test
  void shouldGoByPersonAndNotByName() throws Exception {
    // Given
    var kim = signedIn("kim", "17");
    String id = proposed(kim);
    assertThat(fired()).isZero();
    // When: himself, renamed, and his namesake
    assertThat(second(kim, id).statusCode()).isEqualTo(403);
    assertThat(second(signedIn("kim2", "17"), id).statusCode()).isEqualTo(403);
    assertThat(second(signedIn("kim", "18"), id).statusCode()).isEqualTo(403);
    // Then
    assertThat(fired()).isZero();
    // When
    HttpResponse<String> answer = second(signedIn("boss", "1"), id);
    // Then: what was proposed, with both names
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
    MassCancel mass = asked.getLast();
    assertThat(fired()).isEqualTo(1);
    assertThat(mass.getMassId()).isEqualTo(id);
    assertThat(mass.getBy()).isEqualTo("console:oidc:kim and console:oidc:boss");
    assertThat(mass.getScope().getAccount()).isEqualTo("a");
    assertThat(kept.getLast().getBy()).isEqualTo("oidc:boss");
    assertThat(kept.getLast().getDetail()).isEqualTo("proposed by oidc:kim");
    assertThat(kept.getLast().getReason()).isEqualTo(AGREED);
    assertThat(mass.getReason()).as("the ledger's is who proposed it").isEqualTo("why");
  }

  @Test
  void shouldShowAllOfItToWhoConfirmsIt() throws Exception {
    // Given
    var kim = signedIn("kim", "17");
    var boss = signedIn("boss", "1");
    open = 300;
    notCovered = List.of("partition 3: order events were not read in time");
    HttpResponse<String> counted =
        kim.post(
            "/kill/count", Map.of("venue", "v", "account", "a", "reason", "why", "positions", "1"));
    String count = id(counted);
    String word = "kill 300 and close positions";
    assertThat(kim.get("/kill/confirm?id=" + count).body()).contains("closes the position", word);
    Map<String, String> few = Map.of("id", count, "word", "kill 300", "within", "1");
    assertThat(kim.post("/kill/fire", few).statusCode()).isEqualTo(400);
    Map<String, String> form = Map.of("id", count, "word", word, "within", "1");
    assertThat(kim.post("/kill/fire", form).statusCode()).isEqualTo(303);
    // When
    String page = boss.get("/kill").body();
    // Then
    assertThat(page)
        .contains("closes the position")
        .contains("type <strong>" + word + "</strong>")
        .contains("<dd>1 s after it is confirmed")
        .contains("300 at <bdi>v</bdi>, account <bdi>of its own</bdi>")
        .contains("! Not covered:</strong> <bdi>partition 3: order events were not read in time")
        .contains(" ago, at ");
    // When
    String id = count.substring("count-".length());
    Map<String, String> plain = Map.of("id", id, "word", "kill 300", "reason", "so");
    Map<String, String> whole = Map.of("id", id, "word", word, "reason", "so");
    Map<String, String> mute = Map.of("id", id, "word", word);
    assertThat(boss.post("/kill/second", mute).body()).contains("Give a reason");
    assertThat(boss.post("/kill/second", plain).statusCode()).isEqualTo(400);
    assertThat(boss.post("/kill/second", whole).statusCode()).isEqualTo(303);
    // Then
    assertThat(fired()).isEqualTo(1);
    assertThat(asked.getLast().getIncludingPositionClose()).isTrue();
  }

  @Test
  void shouldHaveWhatWasCountedLongAgoCountedAgainByWhoConfirmsIt() throws Exception {
    // Given
    var kim = signedIn("kim", "17");
    var boss = signedIn("boss", "1");
    String id = proposed(kim);
    String another = proposed(kim);
    String own = count(boss);
    now = Instant.now().plus(Duration.ofMinutes(6));
    open = 3;
    // When, then: the old number is no word any more
    assertThat(boss.get("/kill").body()).contains("/kill/again").doesNotContain("/kill/second");
    assertThat(second(boss, id).body()).contains("counted more than five minutes ago");
    assertThat(kim.post("/kill/again", Map.of("id", id)).statusCode()).isEqualTo(403);
    // When
    String count = id(boss.post("/kill/again", Map.of("id", id)));
    // Then: of the very scope
    assertThat(asked.getLast().getDryRun()).isTrue();
    assertThat(asked.getLast().getScope().getAccount()).isEqualTo("a");
    assertThat(boss.get("/kill/confirm?id=" + count).body())
        .contains("/kill/second", "type <strong>kill 3</strong>", "proposed by")
        .doesNotContain("/kill/fire");
    // When, then: only that number, of him, for that proposal
    assertThat(second(boss, id, count, "kill 1").statusCode()).isEqualTo(400);
    assertThat(second(boss, another, count, "kill 3").statusCode()).isEqualTo(400);
    assertThat(second(boss, id, own, "kill 1").statusCode()).isEqualTo(400);
    assertThat(second(signedIn("chief", "2"), id, count, "kill 3").statusCode()).isEqualTo(400);
    assertThat(fired()).isZero();
    // When
    assertThat(second(boss, id, count, "kill 3").statusCode()).isEqualTo(303);
    // Then
    assertThat(fired()).isEqualTo(1);
    assertThat(asked.getLast().getMassId()).isEqualTo(id);
    assertThat(boss.get("/kill/confirm?id=" + count).body())
        .contains("What was proposed waits no more")
        .doesNotContain("/kill/second");
  }

  /** Whether it was asked for nobody knows; so nobody is told that nothing was cancelled. */
  @Test
  void shouldLetWhatIsInDoubtBeConfirmedOnceMoreAndNotWithdrawn() throws Exception {
    // Given
    var kim = signedIn("kim", "17");
    var boss = signedIn("boss", "1");
    String id = proposed(kim);
    durable = false;
    // When
    assertThat(second(boss, id).statusCode()).isEqualTo(503);
    durable = true;
    // Then
    assertThat(kim.get("/kill").body())
        .contains("not known to be asked for")
        .doesNotContain("/kill/withdraw");
    HttpResponse<String> withdrawn =
        kim.post("/kill/withdraw", Map.of("id", id, "reason", "too late"));
    assertThat(withdrawn.statusCode()).isEqualTo(400);
    assertThat(withdrawn.body()).contains("it cannot be withdrawn");
    assertThat(kept).noneMatch(each -> each.getReason().equals("too late"));
    // When
    assertThat(second(boss, id).statusCode()).isEqualTo(303);
    // Then: it is the same mass cancel
    assertThat(asked.stream().filter(each -> !each.getDryRun()))
        .hasSize(2)
        .allMatch(each -> each.getMassId().equals(id));
  }

  /** The ledger takes another asker's for another mass cancel, and auditors want to see both. */
  @Test
  void shouldAskForTheSameWhoeverConfirmsWhatIsInDoubtAndShowEachWhoDid() throws Exception {
    // Given
    String id = proposed(signedIn("kim", "17"));
    durable = false;
    assertThat(second(signedIn("boss", "1"), id).statusCode()).isEqualTo(503);
    durable = true;
    // When
    assertThat(second(signedIn("chief", "2"), id).statusCode()).isEqualTo(303);
    // Then
    assertThat(asked.stream().filter(each -> !each.getDryRun()))
        .hasSize(2)
        .extracting(MassCancel::getBy)
        .containsOnly("console:oidc:kim and console:oidc:boss");
    var log = new ActionLog();
    kept.forEach(
        each -> log.add(new EventRecord<>(each, "console-actions", 0, 0, Instant.now(), null)));
    assertThat(log.all())
        .filteredOn(each -> each.first().value().getKind() == ConsoleActionKind.MASS_CANCEL)
        .extracting(each -> each.first().value().getBy(), ActionLog.Asked::state)
        .containsExactly(
            tuple("oidc:chief", ConsoleActionState.DONE),
            tuple("oidc:boss", ConsoleActionState.NOT_KNOWN));
  }

  /** Else what may have been asked for stands there as what was not, and can be withdrawn. */
  @Test
  void shouldProposeNothingAnewThatIsConfirmedJustNow() throws Exception {
    // Given
    var kim = signedIn("kim", "17");
    var boss = signedIn("boss", "1");
    String count = count(kim);
    assertThat(fire(kim, count).statusCode()).isEqualTo(303);
    String id = count.substring("count-".length());
    durable = false;
    answers = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<HttpResponse<String>> confirming = threads.submit(() -> second(boss, id));
      Awaitility.await("it is asked for").atMost(PATIENCE).until(() -> fired() == 1);
      // When
      HttpResponse<String> again = fire(kim, count);
      // Then
      assertThat(again.statusCode()).isEqualTo(400);
      assertThat(again.body()).contains("This count was proposed before");
      assertThat(kim.get("/kill").body()).doesNotContain("Not cancelled yet");
      // When
      answers.countDown();
      // Then
      assertThat(confirming.get().statusCode()).isEqualTo(503);
    } finally {
      answers.countDown();
    }
    assertThat(kim.get("/kill").body()).contains("not known to be asked for");
    assertThat(kim.post("/kill/withdraw", Map.of("id", id, "reason", "no")).statusCode())
        .isEqualTo(400);
  }

  @Test
  void shouldProposeNothingAnewThatWasConfirmedOrWithdrawn() throws Exception {
    // Given
    var kim = signedIn("kim", "17");
    var boss = signedIn("boss", "1");
    String confirmed = count(kim);
    String withdrawn = count(kim);
    assertThat(fire(kim, confirmed).statusCode()).isEqualTo(303);
    assertThat(fire(kim, confirmed).statusCode()).as("it waits").isEqualTo(303);
    assertThat(fire(kim, withdrawn).statusCode()).isEqualTo(303);
    assertThat(second(boss, confirmed.substring("count-".length())).statusCode()).isEqualTo(303);
    Map<String, String> no = Map.of("id", withdrawn.substring("count-".length()), "reason", "no");
    assertThat(kim.post("/kill/withdraw", no).statusCode()).isEqualTo(303);
    // When, then
    assertThat(fire(kim, confirmed).statusCode()).isEqualTo(400);
    assertThat(fire(kim, withdrawn).statusCode()).isEqualTo(400);
    assertThat(kim.get("/kill").body()).doesNotContain("Not cancelled yet");
  }

  @Test
  void shouldTakeNoNumberThatANamesakeCounted() throws Exception {
    // Given
    var kim = signedIn("kim", "17");
    String count = count(kim);
    // When
    HttpResponse<String> namesake = fire(signedIn("kim", "18"), count);
    // Then
    assertThat(namesake.statusCode()).isEqualTo(400);
    assertThat(namesake.body()).contains("No count of yours");
    assertThat(fire(kim, count).statusCode()).isEqualTo(303);
  }

  @Test
  void shouldConfirmNothingThatIsTooOldOrWithdrawn() throws Exception {
    // Given
    var kim = signedIn("kim", "17");
    var boss = signedIn("boss", "1");
    String old = proposed(kim);
    now = now.plus(Duration.ofMinutes(11));
    // When, then
    assertThat(second(boss, old).statusCode()).isEqualTo(400);
    now = now.minus(Duration.ofMinutes(11));
    String other = proposed(kim);
    assertThat(boss.get("/kill").body()).contains("Waiting for a second person", other);
    assertThat(boss.post("/kill/withdraw", Map.of("id", other, "reason", "no")).statusCode())
        .isEqualTo(303);
    assertThat(second(boss, other).statusCode()).isEqualTo(400);
    assertThat(fired()).isZero();
  }

  /** Somebody may have been thrown out with what he proposed in mind. */
  @Test
  void shouldConfirmNothingOfWhoIsNoKillerAnyMore() throws Exception {
    // Given
    var fay = new ConsoleVisitor(http, server.port());
    assertThat(fay.signIn("fay", PASSWORD).statusCode()).isEqualTo(303);
    String id = proposed(fay);
    var boss = signedIn("boss", "1");
    assertThat(boss.get("/kill").body()).contains("Not cancelled yet");
    // When
    Files.writeString(users, line.replace(" killer ", " operator "));
    // Then
    Awaitility.await("read again")
        .atMost(PATIENCE)
        .until(() -> !boss.get("/kill").body().contains("Not cancelled yet"));
    assertThat(second(boss, id).statusCode()).isEqualTo(400);
    assertThat(fired()).isZero();
    // When: the line was changed by mistake
    Files.writeString(users, line);
    // Then
    Awaitility.await("read again")
        .atMost(PATIENCE)
        .until(() -> boss.get("/kill").body().contains("Not cancelled yet"));
    assertThat(second(boss, id).statusCode()).isEqualTo(303);
  }

  @Test
  void shouldSayOnlyOfAWithdrawalThatItIsWithdrawn() throws Exception {
    // Given
    var kim = signedIn("kim", "17");
    String id = proposed(kim);
    String done = "/kill?done=withdrawn&id=" + id;
    assertThat(kim.get(done).body()).doesNotContain("Nothing was cancelled.");
    // When
    HttpResponse<String> answer = kim.post("/kill/withdraw", Map.of("id", id, "reason", "no"));
    // Then
    assertThat(answer.headers().firstValue("Location")).contains(done);
    assertThat(kim.get(done).body()).contains("Nothing was cancelled.");
  }

  /** More than ten of one person leave no room to others. */
  @Test
  void shouldLetNobodyTakeAllPlaces() throws Exception {
    // Given
    var kim = signedIn("kim", "17");
    for (int i = 0; i < 10; i++) {
      var _ = proposed(kim);
    }
    String count = count(kim);
    // When
    HttpResponse<String> more = fire(kim, count);
    // Then: it is known that nothing was proposed
    assertThat(more.statusCode()).isEqualTo(400);
    assertThat(more.body()).contains("Too many wait for a second person already");
    assertThat(kept).noneMatch(each -> each.getState() == ConsoleActionState.NOT_KNOWN);
    var _ = proposed(signedIn("boss", "1"));
    // When: one of his is withdrawn
    String id = count.substring("count-".length());
    String first = asked.getFirst().getMassId().substring("count-".length());
    assertThat(kim.post("/kill/withdraw", Map.of("id", first, "reason", "no")).statusCode())
        .isEqualTo(303);
    // Then
    assertThat(fire(kim, count).statusCode()).isEqualTo(303);
    assertThat(kim.get("/kill").body()).contains(id);
  }
}
