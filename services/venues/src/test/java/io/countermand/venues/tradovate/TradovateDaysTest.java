package io.countermand.venues.tradovate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.countermand.domain.Reply;
import io.countermand.venues.CallResult;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.Venues;
import io.countermand.venues.testing.Requests;
import io.countermand.venues.testing.SetClock;
import io.countermand.venues.testing.TestServer;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Friday to Monday with a cancel a minute, on a clock that is handed in: tokens of 90 minutes, an
 * hour in which every renewal fails, a token that the venue forgets while many cancel, a lock-out
 * that another program of the user brought about, a weekend of silence.
 */
@Timeout(150)
class TradovateDaysTest {

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration LIFE = Duration.ofMinutes(90);
  private static final Duration HOUR = Duration.ofHours(1);

  /** With so much of a token's life left its renewal has begun, whoever's clock is off. */
  private static final Duration DUE = Duration.ofMinutes(13);

  private final SetClock clock = new SetClock("2026-03-06T00:00:00Z");
  private final TestServer server = new TestServer();
  private final VenueAdapter adapter =
      Venues.create("tradovate", TradovateSettings.of(server.url() + "/v1", Map.of(), clock));
  private final ConcurrentLinkedQueue<Instant> logins = new ConcurrentLinkedQueue<>();
  private final Deque<Instant> lastLogins = new ArrayDeque<>();
  private int issued;
  private Instant end = Instant.MIN;
  private boolean forgotten;

  /** Since the last token something has failed, and the next renewal comes when it comes. */
  private boolean troubled;

  private volatile boolean renewalsFail;
  private Instant lockedUntil = Instant.MIN;
  private int insideLockOut;
  private int lockOutsOfOurs;
  private volatile Duration skew = Duration.ZERO;

  private Instant venueTime() {
    return clock.instant().plus(skew);
  }

  /** Takes the newest token only, five logins an hour, and nothing inside a lock-out. */
  private synchronized boolean venue(TestServer.Request request, Socket socket) throws IOException {
    Instant now = venueTime();
    if (now.isBefore(lockedUntil)) {
      insideLockOut++;
      lockedUntil = now.plus(HOUR);
      return TestServer.json(429, "").answer(request, socket);
    }
    if (request.line().contains("renewaccesstoken")) {
      boolean good = !renewalsFail && taken(request, now);
      troubled |= !good;
      return good ? issue(request, socket) : TestServer.json(500, "{}").answer(request, socket);
    }
    if (request.line().contains("accesstokenrequest")) {
      logins.add(clock.instant());
      lastLogins.addLast(now);
      lastLogins.removeIf(made -> !made.isAfter(now.minus(HOUR)));
      if (lastLogins.size() > 5) {
        lockOutsOfOurs++;
        lockedUntil = now.plus(HOUR);
        return TestServer.json(429, "").answer(request, socket);
      }
      return issue(request, socket);
    }
    boolean taken = taken(request, now);
    return TestServer.json(taken ? 200 : 401, taken ? "{\"commandId\":1}" : "")
        .answer(request, socket);
  }

  private boolean taken(TestServer.Request request, Instant now) {
    return ("Bearer t-" + issued).equals(request.header("Authorization"))
        && now.isBefore(end)
        && !forgotten;
  }

  private boolean issue(TestServer.Request request, Socket socket) throws IOException {
    forgotten = false;
    troubled = false;
    end = venueTime().plus(LIFE);
    return TestServer.json(200, TradovateSettings.token("t-" + ++issued, end))
        .answer(request, socket);
  }

  private synchronized void forget() {
    forgotten = true;
  }

  private synchronized void lockOut() {
    troubled = true;
    lockedUntil = venueTime().plus(HOUR);
  }

  private synchronized boolean renewing() {
    return !troubled && !forgotten && venueTime().plus(DUE).isAfter(end);
  }

  @AfterEach
  void close() {
    adapter.close();
    server.close();
  }

  private CallResult cancel() {
    return adapter.cancel(Requests.cancel("a", "1"), LONG);
  }

  private void cancelEachMinute(int minutes, String when) {
    for (int minute = 0; minute < minutes; minute++) {
      clock.forward(Duration.ofMinutes(1));
      assertThat(cancel().reply())
          .as("%s, minute %d, %s", when, minute, clock.instant())
          .isInstanceOf(Reply.Accepted.class);
      // On this clock a quarter of an hour is over in a moment, and so would be the token's life.
      await().atMost(PATIENCE).pollDelay(Duration.ZERO).until(() -> !renewing());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-20, 0, 20})
  void shouldLoseNoCancelAndCauseNoLockOut(int secondsOff) throws Exception {
    // Given
    skew = Duration.ofSeconds(secondsOff);
    server.always(this::venue);

    // When: a morning of renewals, then an hour without
    cancelEachMinute(8 * 60, "morning");
    int ofTheMorning = logins.size();
    renewalsFail = true;
    cancelEachMinute(60, "renewals fail");
    renewalsFail = false;
    cancelEachMinute(120, "after");
    int ofTheOutage = logins.size();
    // And: a token is forgotten, and fifty cancel at once
    forget();
    List<Reply> burst = burst(50);
    cancelEachMinute(60, "after the burst");
    int ofTheBurst = logins.size();
    // And: locked out by somebody else
    lockOut();
    Reply locked = cancel().reply();
    int before = insideLockOut;
    for (int minute = 0; minute < 59; minute++) {
      clock.forward(Duration.ofMinutes(1));
      assertThat(cancel().sent()).isFalse();
    }
    int within = insideLockOut - before;
    clock.forward(Duration.ofMinutes(2));
    cancelEachMinute(60, "after the lock-out");
    int ofTheLockOut = logins.size();
    // And: nobody cancels from Friday to Monday
    clock.forward(Duration.ofHours(60));
    cancelEachMinute(180, "Monday");

    // Then
    assertThat(burst).allMatch(Reply.Accepted.class::isInstance);
    assertThat(locked).isInstanceOf(Reply.RetryLater.class);
    assertThat(within).isZero();
    assertThat(lockOutsOfOurs).isZero();
    assertThat(ofTheMorning).isEqualTo(1);
    assertThat(ofTheOutage - ofTheMorning).isLessThanOrEqualTo(1);
    assertThat(ofTheBurst - ofTheOutage).isEqualTo(1);
    assertThat(ofTheLockOut - ofTheBurst).isLessThanOrEqualTo(1);
    assertThat(logins.size() - ofTheLockOut).isEqualTo(1);
  }

  private List<Reply> burst(int cancels) throws Exception {
    List<Future<CallResult>> all = new ArrayList<>();
    try (var each = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < cancels; i++) {
        all.add(each.submit(this::cancel));
      }
      List<Reply> replies = new ArrayList<>();
      for (Future<CallResult> one : all) {
        replies.add(one.get().reply());
      }
      return replies;
    }
  }
}
