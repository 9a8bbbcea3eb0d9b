package io.countermand.venues;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.countermand.domain.Reply;
import io.countermand.venues.CredentialSource.Reading;
import io.countermand.venues.testing.Requests;
import io.countermand.venues.testing.SetClock;
import io.countermand.venues.testing.TestServer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Credentials that change while calls are made: no restart, no pause, no false answer. */
class CredentialRotationTest {

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final String ID = "770e8400-e29b-41d4-a716-446655440002";

  private final TestServer server = new TestServer();
  private final AtomicReference<Reading> file = new AtomicReference<>();
  private volatile String taken = "0ld-s3cret";
  private volatile String takenToo = "";

  @AfterEach
  void close() {
    server.close();
  }

  private static Map<String, String> token(String token) {
    return Map.of("token", token);
  }

  private static Map<String, String> password(String password) {
    return Map.of("email", "me@example.com", "password", password);
  }

  private VenueSettings settings(Map<String, String> first) {
    Credentials credentials = Credentials.of(first);
    file.set(new Reading.Found(credentials));
    return VenueSettings.of(
        "v",
        server.url(),
        credentials.readBy(file::get),
        Map.of(),
        new SetClock("2026-03-03T12:00:00Z"));
  }

  private void write(Map<String, String> values) {
    file.set(new Reading.Found(Credentials.of(values)));
  }

  private static boolean carries(TestServer.Request request, String token) {
    return ("Bearer " + token).equals(request.header("Authorization"));
  }

  /** CrossTrade: takes one token or two. */
  private void crosstrade() {
    server.always(
        (request, socket) ->
            (carries(request, taken) || carries(request, takenToo)
                    ? TestServer.json(200, "{\"success\": true, \"orderId\": \"" + ID + "\"}")
                    : TestServer.json(401, "{\"error\": \"unauthorized\"}"))
                .answer(request, socket));
  }

  /** Cadenza: takes one password, and the token that a login with it gave. */
  private void cadenza() {
    server.always(
        (request, socket) -> {
          boolean login = request.line().contains("/auth/login");
          boolean refresh = request.line().contains("/auth/token/refresh");
          boolean good =
              login
                  ? request.body().contains("\"" + taken + "\"")
                  : !refresh
                      && ("Bearer access-of-" + taken).equals(request.header("Authorization"));
          String body =
              login
                  ? "{\"success\":true,\"data\":{\"accessToken\":\"access-of-%s\",\"expiresIn\":3600}}"
                      .formatted(taken)
                  : "{\"success\":true,\"data\":{\"tradeOrderId\":\"%s\",\"status\":\"CANCELLED\"}}"
                      .formatted(ID);
          return (good ? TestServer.json(200, body) : TestServer.json(401, "{\"success\":false}"))
              .answer(request, socket);
        });
  }

  @Test
  void shouldCallAgainWithTheTokenOfTheFileWhenTheOldOneIsRefused() {
    // Given
    crosstrade();
    VenueSettings settings = settings(token("0ld-s3cret"));
    try (VenueAdapter adapter = Venues.create("crosstrade", settings)) {
      assertThat(adapter.cancel(Requests.cancel("Sim101", ID), LONG).reply())
          .isInstanceOf(Reply.Accepted.class);
      write(token("n3w-s3cret"));
      taken = "n3w-s3cret";

      // When
      CallResult answer = adapter.cancel(Requests.cancel("Sim101", ID), LONG);

      // Then
      assertThat(answer.reply()).isInstanceOf(Reply.Accepted.class);
      assertThat(settings.governor().paused()).isEmpty();
    }
  }

  @Test
  void shouldUseTheTokenOfTheFileBeforeTheOldOneIsRefused() {
    // Given
    crosstrade();
    try (VenueAdapter adapter = Venues.create("crosstrade", settings(token("0ld-s3cret")))) {
      var _ = adapter.cancel(Requests.cancel("Sim101", ID), LONG);

      // When
      takenToo = "n3w-s3cret";
      write(token("n3w-s3cret"));

      // Then
      await()
          .until(
              () -> {
                var _ = adapter.cancel(Requests.cancel("Sim101", ID), LONG);
                return carries(server.requests().getLast(), "n3w-s3cret");
              });
    }
  }

  @Test
  void shouldLiftThePauseOfARefusedTokenOnceAnotherIsThere() {
    // Given
    crosstrade();
    VenueSettings settings = settings(token("0ld-s3cret"));
    try (VenueAdapter adapter = Venues.create("crosstrade", settings)) {
      taken = "n3w-s3cret";
      assertThat(adapter.cancel(Requests.cancel("Sim101", ID), LONG).reply())
          .isInstanceOf(Reply.Unauthorized.class);
      assertThat(settings.governor().paused()).isPresent();

      // When
      write(token("n3w-s3cret"));

      // Then
      await().until(() -> settings.governor().paused().isEmpty());
      assertThat(adapter.cancel(Requests.cancel("Sim101", ID), LONG).reply())
          .isInstanceOf(Reply.Accepted.class);
    }
  }

  @Test
  void shouldKeepTheOldTokenWhileTheFileCannotBeUsed() {
    // Given
    crosstrade();
    VenueSettings settings = settings(token("0ld-s3cret"));
    CredentialSource source = settings.credentials().source();
    try (VenueAdapter adapter = Venues.create("crosstrade", settings)) {
      file.set(new Reading.Unusable("credential token: the file is empty"));
      var _ = adapter.cancel(Requests.cancel("Sim101", ID), LONG);
      await().until(() -> source != null && source.problem() != null);

      // When
      CallResult answer = adapter.cancel(Requests.cancel("Sim101", ID), LONG);

      // Then
      assertThat(answer.reply()).isInstanceOf(Reply.Accepted.class);
      assertThat(adapter.credentialProblem()).hasValue("credential token: the file is empty");
    }
  }

  @Test
  void shouldSignInWithThePasswordOfTheFileWhenTheOldOneIsRefused() {
    // Given
    cadenza();
    VenueSettings settings = settings(password("0ld-s3cret"));
    try (VenueAdapter adapter = Venues.create("cadenza", settings)) {
      assertThat(adapter.cancel(Requests.cancel("a", ID), LONG).reply())
          .isInstanceOf(Reply.Canceled.class);
      write(password("n3w-s3cret"));
      taken = "n3w-s3cret";

      // When
      CallResult answer = adapter.cancel(Requests.cancel("a", ID), LONG);

      // Then
      assertThat(answer.reply()).isInstanceOf(Reply.Canceled.class);
      assertThat(settings.governor().paused()).isEmpty();
    }
  }
}
