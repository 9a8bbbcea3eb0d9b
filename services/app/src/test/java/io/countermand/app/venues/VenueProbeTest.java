package io.countermand.app.venues;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.Countermand;
import io.countermand.simulator.Simulator;
import io.countermand.simulator.fault.Fault;
import io.countermand.simulator.fault.FaultRule;
import io.countermand.simulator.options.InstanceOptions;
import io.countermand.simulator.options.SimulatedCredentials;
import io.countermand.simulator.options.SimulatedLimits;
import io.countermand.simulator.options.SimulatorOptions;
import io.countermand.simulator.options.VenueKind;
import io.countermand.simulator.request.CallKind;
import io.countermand.venues.Probe;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.VenueSettings;
import io.countermand.venues.Venues;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

/** {@code countermand venues} beside a desk and a feed that are logged in. */
class VenueProbeTest {

  private static final Duration LONG = Duration.ofSeconds(20);

  @TempDir private Path directory;

  private final StringWriter out = new StringWriter();
  private Simulator simulator;

  @BeforeEach
  void start() throws Exception {
    // As faithful as it can be: five token requests an hour, two sessions.
    simulator =
        Simulator.start(
            SimulatorOptions.of(
                List.of(
                    instance(VenueKind.TRADOVATE)
                        .withLimits(SimulatedLimits.of(VenueKind.TRADOVATE)),
                    instance(VenueKind.CADENZA),
                    instance(VenueKind.NEURATRADE),
                    instance(VenueKind.CROSSTRADE),
                    instance(VenueKind.CROSSTRADE_WS),
                    instance(VenueKind.CROSSTRADE_WEBHOOK))));
  }

  private static InstanceOptions instance(VenueKind kind) {
    return InstanceOptions.of(kind.adapter(), kind).withAccounts(Set.of("12345"));
  }

  @AfterEach
  void close() {
    simulator.close();
  }

  @Test
  void shouldLeaveTheSessionsOfDeskAndFeedAlone() throws Exception {
    try (VenueAdapter desk = tradovate();
        VenueAdapter feed = tradovate()) {
      // Given
      assertThat(desk.probe(LONG).credential()).isEqualTo(Probe.Credential.GOOD);
      assertThat(feed.probe(LONG).credential()).isEqualTo(Probe.Credential.GOOD);
      // When: more often than Tradovate lets one log in
      for (int i = 0; i < 6; i++) {
        assertThat(venues(VenueKind.TRADOVATE)).as(out.toString()).isZero();
      }
      // Then
      assertThat(desk.probe(LONG).credential()).isEqualTo(Probe.Credential.GOOD);
      assertThat(feed.probe(LONG).credential()).isEqualTo(Probe.Credential.GOOD);
      assertThat(tokenRequests(VenueKind.TRADOVATE)).isEqualTo(2);
      assertThat(out.toString())
          .contains(
              "ok: HTTP 401 without a credential",
              "credential not tried: --log-in tries it; that takes one of five logins an hour and"
                  + " may end the session of a running desk")
          .doesNotContain("accounts:");
    }
  }

  @Test
  void shouldLogInOnceWhereAskedTo() throws Exception {
    // When
    int code = venues(VenueKind.TRADOVATE, "--log-in");
    // Then
    assertThat(code).isZero();
    assertThat(tokenRequests(VenueKind.TRADOVATE)).isEqualTo(1);
    assertThat(out.toString())
        .contains("ok: HTTP 200", "accounts: DEMO12345 (12345)")
        .doesNotContain("not tried");
  }

  @ParameterizedTest
  @EnumSource
  void shouldNeverLogInUnasked(VenueKind kind) throws Exception {
    // Given
    boolean login = Set.of("tradovate", "cadenza", "neuratrade").contains(kind.adapter());
    // When
    int code = venues(kind);
    // Then
    assertThat(code).as(out.toString()).isZero();
    assertThat(tokenRequests(kind)).isZero();
    assertThat(out.toString().contains("--log-in tries it")).as(out.toString()).isEqualTo(login);
    // and
    out.getBuffer().setLength(0);
    assertThat(venues(kind, "--log-in")).as(out.toString()).isZero();
    assertThat(tokenRequests(kind)).isEqualTo(login ? 1 : 0);
    assertThat(out.toString()).doesNotContain("--log-in tries it");
  }

  /** Those that log in, too: what fails is the call after the login. */
  @ParameterizedTest
  @EnumSource
  void shouldNotCallAVenueWellThatFails(VenueKind kind) throws Exception {
    // Given
    simulator
        .faults()
        .add(
            new FaultRule(
                kind.adapter(),
                null,
                Set.of(CallKind.OTHER, CallKind.FEED, CallKind.STATUS),
                99,
                1,
                List.of(new Fault.ServerError(false, 503))));
    // When
    int code = venues(kind, "--log-in");
    // Then
    assertThat(code).as(out.toString()).isEqualTo(1);
    assertThat(out.toString())
        .contains("NOT OK: ", "503", "look at its status page")
        .doesNotContain("accounts:");
  }

  @ParameterizedTest
  @EnumSource
  void shouldNotCallAVenueWellThatIsAway(VenueKind kind) throws Exception {
    // Given
    Path config = config(kind, simulator.venueUrl(kind.adapter()).toString());
    simulator.close();
    // When
    int code = run(config);
    // Then
    assertThat(code).as(out.toString()).isEqualTo(1);
    assertThat(out.toString()).contains("NOT OK: ", "check base-url");
  }

  @Test
  void shouldWantAConfigurationToLogInWith() {
    assertThat(
            Countermand.commandLine()
                .setErr(new PrintWriter(out, true))
                .execute("venues", "--log-in"))
        .isEqualTo(CommandLine.ExitCode.USAGE);
  }

  private VenueAdapter tradovate() {
    return Venues.create(
        "tradovate",
        VenueSettings.of(
            "tradovate",
            simulator.venueUrl("tradovate"),
            io.countermand.venues.Credentials.of(credentials(VenueKind.TRADOVATE)),
            Map.of(),
            Clock.systemUTC()));
  }

  private static Map<String, String> credentials(VenueKind kind) {
    SimulatedCredentials known = SimulatedCredentials.DEFAULT;
    return switch (kind) {
      case CROSSTRADE, CROSSTRADE_WS -> Map.of("token", known.token());
      case CROSSTRADE_WEBHOOK -> Map.of("key", known.key());
      case CADENZA, NEURATRADE -> Map.of("email", known.user(), "password", known.password());
      case TRADOVATE ->
          Map.of(
              "name", known.user(), "password", known.password(), "cid", "8", "sec", known.key());
    };
  }

  private long tokenRequests(VenueKind kind) {
    return simulator.journal().count(kind.adapter(), CallKind.LOGIN)
        + simulator.journal().count(kind.adapter(), CallKind.RENEW);
  }

  private int venues(VenueKind kind, String... more) throws Exception {
    return run(config(kind, simulator.venueUrl(kind.adapter()).toString()), more);
  }

  private int run(Path config, String... more) {
    List<String> args = new ArrayList<>(List.of("venues", "--config", config.toString()));
    args.addAll(List.of(more));
    return Countermand.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(out, true))
        .execute(args.toArray(String[]::new));
  }

  private Path config(VenueKind kind, String url) throws Exception {
    var text = new StringBuilder();
    text.append("venues:\n  probed:\n    adapter: ").append(kind.adapter());
    text.append("\n    base-url: \"").append(url).append("\"\n    credentials:\n");
    for (var each : credentials(kind).entrySet()) {
      Path file = Files.writeString(directory.resolve(each.getKey()), each.getValue());
      text.append("      %s: {file: \"%s\"}\n".formatted(each.getKey(), file));
    }
    return Files.writeString(directory.resolve("probed.yaml"), text.toString());
  }
}
