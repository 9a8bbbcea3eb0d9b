package io.countermand.venues.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countermand.domain.CancelRequest;
import io.countermand.domain.Reply;
import io.countermand.domain.RequestKind;
import io.countermand.venues.CallResult;
import io.countermand.venues.Credentials;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.VenueSettings;
import io.countermand.venues.Venues;
import io.countermand.venues.limits.Budget;
import io.countermand.venues.limits.Rate;
import io.countermand.venues.testing.Requests;
import io.countermand.venues.testing.SetClock;
import io.countermand.venues.testing.TestServer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When a list of accounts is asked for, and what it may refuse; with CrossTrade's adapter. */
@Timeout(150)
class CheckedAccountsTest {

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final String TAKEN = "{\"orderId\":\"o-1\",\"success\":true}";

  private final SetClock clock = new SetClock("2026-03-03T12:00:00Z");
  private final AtomicLong nanos = new AtomicLong(1);
  private final TestServer server = new TestServer();
  private final VenueSettings settings = settings("true");
  private final VenueAdapter plain = Venues.create("crosstrade", settings);
  private final Budget budget = new Budget(Rate.perSecond(3, 19), clock);
  private final VenueAdapter adapter = new CheckedAccounts(plain, budget, clock, nanos::get);

  private VenueSettings settings(String check) {
    return VenueSettings.of(
        "ct",
        server.url(),
        Credentials.of(Map.of("token", "to-ken")),
        Map.of("check-accounts", check),
        clock);
  }

  @AfterEach
  void close() {
    adapter.close();
    server.close();
  }

  private static String list(String... names) {
    return Arrays.stream(names)
        .map("{\"name\":\"%s\"}"::formatted)
        .collect(Collectors.joining(",", "{\"accounts\":[", "],\"success\":true}"));
  }

  private CallResult cancel(String account) {
    return adapter.cancel(Requests.cancel(account, "o-1"), LONG);
  }

  private long lists() {
    return server.requests().stream().filter(each -> each.line().contains("/accounts ")).count();
  }

  @Test
  void shouldAskAgainBeforeEachRefusalAndNotTooOften() {
    // Given
    server.then(TestServer.json(200, list("A"))).then(TestServer.json(200, TAKEN));
    assertThat(cancel("A").reply()).isInstanceOf(Reply.Accepted.class);
    assertThat(lists()).isOne();
    // When another account is meant while no list may be asked for
    server.then(TestServer.json(200, TAKEN));
    CallResult soon = cancel("B");
    // Then the list at hand refuses nothing
    assertThat(soon.sent()).isTrue();
    assertThat(lists()).isOne();
    // And when one may be, it is asked for, and refuses
    nanos.addAndGet(CheckedAccounts.EVERY.toNanos());
    server.then(TestServer.json(200, list("A")));
    long before = budget.available();
    CallResult refused = cancel("B");
    assertThat(refused.sent()).isFalse();
    assertThat(budget.available()).isEqualTo(before); // the list stands for the call
    assertThat(refused.reply().told().message())
        .isEqualTo("account 'B' is not one of this credential's: A");
    assertThat(lists()).isEqualTo(2);
    // And the next one, which has it by then, does not
    nanos.addAndGet(CheckedAccounts.EVERY.toNanos());
    server.then(TestServer.json(200, list("A", "B"))).then(TestServer.json(200, TAKEN));
    assertThat(cancel("B").reply()).isInstanceOf(Reply.Accepted.class);
    // And what was told once is not asked again
    nanos.addAndGet(CheckedAccounts.AFTER_NOTHING.toNanos());
    server.then(TestServer.json(200, TAKEN));
    assertThat(cancel("B").reply()).isInstanceOf(Reply.Accepted.class);
    assertThat(lists()).isEqualTo(3);
  }

  @Test
  void shouldAskSeldomWhereTheVenueDoesNotTell() {
    server.then(TestServer.json(500, "")).then(TestServer.json(200, TAKEN));
    assertThat(cancel("A").sent()).isTrue();

    nanos.addAndGet(CheckedAccounts.EVERY.toNanos());
    server.then(TestServer.json(200, TAKEN));
    assertThat(cancel("A").sent()).isTrue();
    assertThat(lists()).isOne();

    nanos.addAndGet(CheckedAccounts.AFTER_NOTHING.toNanos());
    server.then(TestServer.json(200, list("A"))).then(TestServer.json(200, TAKEN));
    assertThat(cancel("A").sent()).isTrue();
    assertThat(lists()).isEqualTo(2);
  }

  @Test
  void shouldRefuseNothingByAListThatMayLackSome() {
    server
        .then(TestServer.json(200, "{\"accounts\":[{\"name\":\"A\"},{}],\"success\":true}"))
        .then(TestServer.json(200, TAKEN));

    assertThat(cancel("B").sent()).isTrue();
  }

  @Test
  void shouldCallWhatBeganBeforeTheListThatIsAwaitedWasAskedFor() throws Exception {
    // Given a list that takes its time
    var asked = new CountDownLatch(1);
    var told = new CountDownLatch(1);
    server.then(
        (request, socket) -> {
          asked.countDown();
          try {
            told.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return TestServer.json(200, list("A")).answer(request, socket);
        });
    server.always(TestServer.json(200, TAKEN));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var first = threads.submit(() -> cancel("B"));
      asked.await();
      // When another comes meanwhile, then it waits for nobody
      assertThat(cancel("B").sent()).isTrue();
      told.countDown();
      assertThat(first.get().sent()).isFalse();
    }
  }

  @Test
  void shouldRefuseNoLaterAttempt() {
    server.always(TestServer.json(200, TAKEN));
    CancelRequest first = Requests.cancel("B", "o-1");
    var later = new CancelRequest(first.cancel(), RequestKind.CANCEL, 2, null, first.requestedAt());

    assertThat(adapter.cancel(later, LONG).sent()).isTrue();
    assertThat(lists()).isZero();
  }

  @Test
  void shouldNameSoManyAccountsAndNoMore() {
    String longest = "x".repeat(300);
    String[] names =
        IntStream.range(0, 40).mapToObj(n -> n == 1 ? longest : "A" + n).toArray(String[]::new);
    server.then(TestServer.json(200, list(names)));

    String text = cancel("B".repeat(200)).reply().told().message();

    assertThat(text).hasSizeLessThanOrEqualTo(400).contains("A0, xxx").endsWith("and 32 more");
  }

  @Test
  void shouldLeaveAVenueAloneThatSaysSoOrTellsNoAccounts() {
    VenueSettings silent =
        VenueSettings.of("ct", server.url(), settings.credentials(), Map.of(), clock);
    assertThat(CheckedAccounts.of(plain, silent, budget)).as("not asked for").isSameAs(plain);
    assertThat(CheckedAccounts.of(plain, settings("false"), budget)).isSameAs(plain);
    assertThat(CheckedAccounts.of(plain, settings, budget)).isInstanceOf(CheckedAccounts.class);
    assertThatThrownBy(() -> Venues.create("crosstrade", settings("maybe")))
        .hasMessageContaining("check-accounts");
  }
}
