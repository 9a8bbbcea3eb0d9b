package io.countermand.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countermand.console.access.AccessSettings;
import io.countermand.desk.settings.DeskSettings;
import io.countermand.domain.IntentCheck;
import io.countermand.domain.decision.CallRules;
import io.countermand.domain.decision.DeskRules;
import io.countermand.domain.lifecycle.LedgerRules;
import io.countermand.kafka.KafkaConnection;
import io.countermand.kafka.streams.StreamsSettings;
import io.countermand.ledger.LedgerSettings;
import io.countermand.oidc.OidcSettings;
import io.countermand.venues.VenueSettings;
import io.countermand.venues.limits.Limits;
import io.countermand.venues.limits.Rate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {

  private static final Clock CLOCK = Clock.systemUTC();

  private final Config config =
      Config.load(
          Optional.empty(),
          Map.of(),
          with(
              Map.of(
                  "instance", "i",
                  "state-dir", "s",
                  "topics.replication", "3",
                  "kafka.bootstrap-servers", "k:1",
                  "kafka.properties.security.protocol", "SSL",
                  "registry.url", "http://r:2")),
          venue -> true);

  private static Map<String, String> with(Map<String, String> more) {
    var keys = new HashMap<>(more);
    for (String venue : Set.of("a", "b")) {
      keys.put("venues." + venue + ".adapter", "crosstrade");
      keys.put("venues." + venue + ".credentials.token", "same");
    }
    return keys;
  }

  @Test
  void shouldFeedDeskAndLedger() {
    // Given
    var connection =
        new KafkaConnection("k:1", "http://r:2", "i", Map.of("security.protocol", "SSL"), Map.of());
    var check = new IntentCheck(Duration.ofSeconds(60), Duration.ofHours(24));

    // When
    DeskSettings desk = Settings.desk(config, Set.of(), new Limits(CLOCK), CLOCK);

    // Then
    assertThat(desk)
        .isEqualTo(
            new DeskSettings(
                connection,
                new StreamsSettings(
                    "countermand-desk", Path.of("s"), 1, 0, 3, Duration.ofMillis(500)),
                check,
                new DeskRules(Set.of("a", "b"), Duration.ofSeconds(7)),
                Duration.ofHours(24),
                Duration.ofDays(30),
                desk.venues(),
                Set.of(),
                10_000,
                Duration.ofSeconds(10)));
    assertThat(desk.venues()).extracting(DeskSettings.Venue::name).containsExactly("a", "b");
    close(desk);
    assertThat(Settings.ledger(config))
        .isEqualTo(
            new LedgerSettings(
                connection,
                new StreamsSettings(
                    "countermand-ledger", Path.of("s"), 2, 0, 3, Duration.ofMillis(100)),
                check,
                new LedgerRules(
                    Duration.ofSeconds(2),
                    Duration.ofMinutes(10),
                    Map.of(
                        "a", Settings.venueRules(config, "a"),
                        "b", Settings.venueRules(config, "b"))),
                Set.of("a", "b"),
                Duration.ofHours(24)));
  }

  @Test
  void shouldShareBudgetAndPausesOfOneCredential() {
    // Given
    var limits = new Limits(CLOCK);

    // When
    DeskSettings desk = Settings.desk(config, Set.of(), limits, CLOCK);
    DeskSettings.Venue a = desk.venues().getFirst();
    DeskSettings.Venue b = desk.venues().getLast();
    VenueSettings venue = Settings.venueSettings(config, "a", limits, CLOCK);

    // Then
    assertThat(a.budget()).isSameAs(b.budget());
    assertThat(a.governor()).isSameAs(b.governor()).isSameAs(venue.governor());
    assertThat(a.budget().rate()).isEqualTo(Rate.perSecond(3, 19));
    assertThat(a.rules()).isEqualTo(new CallRules(Duration.ofSeconds(5), Duration.ofSeconds(2)));
    assertThat(a.concurrency()).isEqualTo(16);
    close(desk);
  }

  @Test
  void shouldGiveADeskForSomeVenuesAGroupOfItsOwn() {
    // When
    DeskSettings one = Settings.desk(config, Set.of("b"), new Limits(CLOCK), CLOCK);
    DeskSettings both = Settings.desk(config, Set.of("b", "a"), new Limits(CLOCK), CLOCK);

    // Then
    assertThat(one.streams().applicationId()).isEqualTo("countermand-desk-b");
    assertThat(one.venues()).extracting(DeskSettings.Venue::name).containsExactly("b");
    assertThat(one.only()).containsExactly("b");
    assertThat(one.rules().venues()).containsExactlyInAnyOrder("a", "b");
    assertThat(both.streams().applicationId()).isEqualTo("countermand-desk-a-b");
    close(one);
    close(both);
  }

  @Test
  void shouldTellThatADesksVenueIsNotConfigured() {
    assertThatThrownBy(() -> Settings.desk(config, Set.of("c"), new Limits(CLOCK), CLOCK))
        .isInstanceOf(ConfigException.class)
        .hasMessage("venues.c (configuration): no such venue; there are a, b");
  }

  @Test
  void shouldNotShareTheBudgetOfAnotherVenueWithTheSamePassword() {
    // Given
    var keys = with(Map.of("instance", "i", "kafka.bootstrap-servers", "k:1"));
    keys.put("registry.url", "http://r:2");
    for (String adapter : Set.of("cadenza", "neuratrade")) {
      keys.put("venues." + adapter + ".adapter", adapter);
      keys.put("venues." + adapter + ".base-url", "http://127.0.0.1:1");
      keys.put("venues." + adapter + ".credentials.email", "me@example");
      keys.put("venues." + adapter + ".credentials.password", "the same one");
    }
    Config both = Config.load(Optional.empty(), Map.of(), keys, venue -> true);

    // When
    DeskSettings desk =
        Settings.desk(both, Set.of("cadenza", "neuratrade"), new Limits(CLOCK), CLOCK);
    DeskSettings.Venue cadenza = desk.venues().getFirst();
    DeskSettings.Venue neuratrade = desk.venues().getLast();

    // Then
    assertThat(cadenza.budget().rate()).isEqualTo(Rate.perSecond(10, 20));
    assertThat(neuratrade.budget().rate()).isEqualTo(new Rate(80, Duration.ofMinutes(1), 20));
    close(desk);
  }

  private static Map<String, String> crossTrade(Map<String, String> more) {
    var keys = new HashMap<String, String>();
    keys.put("instance", "i");
    keys.put("kafka.bootstrap-servers", "k:1");
    keys.put("registry.url", "http://r:2");
    keys.put("venues.rest.adapter", "crosstrade");
    keys.put("venues.rest.credentials.token", "a token");
    keys.put("venues.socket.adapter", "crosstrade-ws");
    keys.put("venues.socket.credentials.token", "a token");
    keys.put("venues.hook.adapter", "crosstrade-webhook");
    keys.put("venues.hook.base-url", "https://app.crosstrade.io/v1/send/one/two");
    keys.put("venues.hook.credentials.key", "a key");
    keys.putAll(more);
    return keys;
  }

  private static Map<String, DeskSettings.Venue> desk(Map<String, String> keys) {
    Config config = Config.load(Optional.empty(), Map.of(), keys, venue -> true);
    DeskSettings desk = Settings.desk(config, Set.of(), new Limits(CLOCK), CLOCK);
    close(desk);
    return desk.venues().stream()
        .collect(Collectors.toMap(DeskSettings.Venue::name, Function.identity()));
  }

  @Test
  void shouldGiveRestSocketAndWebhookOfOneUserOneBudget() {
    // When
    var venues = desk(crossTrade(Map.of()));
    var hook = venues.get("hook");
    var rest = venues.get("rest");
    hook.governor().refused(CLOCK.instant().plusSeconds(60), "key refused");

    // Then
    assertThat(hook.budget()).isSameAs(rest.budget()).isSameAs(venues.get("socket").budget());
    assertThat(hook.governor().paused()).isPresent();
    assertThat(rest.governor().paused()).isEmpty();
  }

  @Test
  void shouldAskWhoseAKeyIsWhereThereAreTwoTokens() {
    assertThatThrownBy(
            () -> desk(crossTrade(Map.of("venues.socket.credentials.token", "another token"))))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("venues.hook.user")
        .hasMessageContaining("hook, rest, socket")
        .hasMessageNotContaining("a key");
  }

  @Test
  void shouldTakeTheConfigurationsWordForWhoseItIs() {
    var venues =
        desk(
            crossTrade(
                Map.of(
                    "venues.socket.credentials.token", "another token",
                    "venues.socket.user", "bob",
                    "venues.rest.user", "ann",
                    "venues.hook.user", "ann")));

    assertThat(venues.get("hook").budget())
        .isSameAs(venues.get("rest").budget())
        .isNotSameAs(venues.get("socket").budget());
  }

  private static void close(DeskSettings desk) {
    desk.venues().forEach(venue -> venue.adapter().close());
  }

  @Test
  void shouldTellOfAVenueThatIsNotConfigured() {
    assertThatThrownBy(() -> Settings.callRules(config, "c"))
        .isInstanceOf(ConfigException.class)
        .hasMessage("venues.c (configuration): no such venue; there are a, b");
  }

  @Test
  void shouldTellTheDoorHowLongTokensMayHold() {
    var door =
        Config.load(
            Optional.empty(),
            Map.of(),
            Map.of(
                "door.oidc.issuer", "https://login.example",
                "door.oidc.audience", "door",
                "door.oidc.keep-keys", "2h",
                "door.oidc.longest-life", "15m"),
            venue -> true);
    OidcSettings oidc = Settings.oidc(door.door().oidc());
    assertThat(oidc.longestLife()).isEqualTo(Duration.ofMinutes(15));
    assertThat(oidc.keepKeys()).isEqualTo(Duration.ofHours(2));
  }

  @Test
  void shouldSayThatAuthoritiesOfTheIssuerCannotBeRead() {
    var wrong =
        Config.load(
            Optional.empty(),
            Map.of(),
            Map.of(
                "door.oidc.issuer", "https://login.example",
                "door.oidc.audience", "door",
                "door.oidc.authorities", "/no/such.pem"),
            venue -> true);
    assertThatThrownBy(() -> Settings.check(wrong))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("such.pem cannot be read");
  }

  /** A role starts without spans; only who asks is told. */
  @Test
  void shouldNameFilesOfTheExportThatCannotBeReadButStartWithoutThem() {
    // Given
    Config wrong =
        Config.load(
            Optional.empty(),
            Map.of(),
            Map.of(
                "tracing.otlp.endpoint", "https://collector:4318",
                "tracing.otlp.headers-file", "/no/such-headers",
                "tracing.otlp.authorities", "/no/such.pem"),
            venue -> true);
    // When
    Settings.checkToStart(wrong);
    // Then
    assertThatThrownBy(() -> Settings.check(wrong))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("tracing.otlp.headers-file")
        .hasMessageContaining("tracing.otlp.authorities");
  }

  @Test
  void shouldReadTheSecretOfTheConsolesClientAndShowItNowhere(@TempDir Path directory)
      throws IOException {
    // Given
    Path file = Files.writeString(directory.resolve("secret"), "canary-of-a-client\n");
    Config config =
        Config.load(
            Optional.empty(),
            Map.of(),
            Map.of(
                "console.oidc.issuer", "https://login.example",
                "console.oidc.client-id", "console",
                "console.oidc.names", "alice  bob",
                "console.oidc.client-secret-file", file.toString()),
            venue -> true);
    // When
    AccessSettings access = Settings.console(config).access();
    // Then
    assertThat(access.users()).isNull();
    assertThat(access.issuer().names()).containsExactlyInAnyOrder("alice", "bob");
    assertThat(access.issuer().client().clientSecret()).isEqualTo("canary-of-a-client");
    assertThat(access.toString()).doesNotContain("canary");
    for (String wrong : List.of("", "canary-a\ncanary-b")) {
      Files.writeString(file, wrong);
      assertThatThrownBy(() -> Settings.checkToStart(config))
          .hasMessageContaining("client-secret-file")
          .message()
          .doesNotContain("canary");
    }
  }
}
