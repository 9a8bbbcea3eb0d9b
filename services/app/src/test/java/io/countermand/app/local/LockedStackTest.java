package io.countermand.app.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countermand.app.Countermand;
import io.countermand.app.config.Config;
import io.countermand.app.config.Settings;
import io.countermand.app.pipeline.Pipeline;
import io.countermand.app.rights.Role;
import io.countermand.app.role.DoorMasses;
import io.countermand.client.CancelClient;
import io.countermand.client.EventStream;
import io.countermand.client.OutcomeStream;
import io.countermand.door.Door;
import io.countermand.door.TokenFile;
import io.countermand.events.CancelOutcome;
import io.countermand.events.CancelResult;
import io.countermand.events.OrderKey;
import io.countermand.platform.OwnFile;
import io.countermand.platform.tls.ServerTls;
import io.countermand.simulator.book.NewOrder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLHandshakeException;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** {@code up --locked}, by the configurations that it writes. */
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LockedStackTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String VENUE = "crosstrade";

  private final List<String> said = new ArrayList<>();
  private Path data;
  private LocalStack stack;

  @BeforeAll
  void start(@TempDir Path dir) throws Exception {
    data = dir;
    stack = LocalStack.start(options(true), said::add);
  }

  private LocalStack.Options options(boolean locked) {
    Map<String, String> venues = Map.of(VENUE, VENUE, "cadenza", "cadenza");
    return new LocalStack.Options(data, 0, 0, venues, "1ms", false, Map.of(), locked);
  }

  @AfterAll
  void stop() {
    stack.close();
  }

  @Test
  void shouldCancelByTheProducersLoginAndBeHeardByTheRiskSystems() throws Exception {
    // Given
    OrderKey order = place(Pipeline.orderId(VENUE));
    try (EventStream<CancelOutcome> heard =
            OutcomeStream.of(Settings.client(config(Role.RISK))).fromNow().open();
        CancelClient producer = CancelClient.connect(Settings.client(config(Role.PRODUCER)))) {
      // When
      CancelOutcome outcome =
          producer.cancel(order).within(PATIENCE).send().get(90, TimeUnit.SECONDS);
      // Then
      assertThat(outcome.getResult()).isEqualTo(CancelResult.CANCELED);
      Awaitility.await("risk")
          .atMost(PATIENCE)
          .until(
              () ->
                  heard.poll(Duration.ofMillis(100)).stream()
                      .anyMatch(
                          each ->
                              each.value()
                                  .getCancel()
                                  .getCancelId()
                                  .equals(outcome.getCancel().getCancelId())));
    }
    assertThat(run(0, Role.READER, "order", order.key())).contains("CANCELED");
  }

  @Test
  void shouldSayWhichRightAUserLacksForItsRole() {
    assertThat(run(0, Role.READER, "doctor", "--role", "reader"))
        .contains("this user may do to topics what a reader must");
    assertThat(run(0, Role.PRODUCER, "doctor", "--role", "producer")).contains("all is well");
    // When: a producer's configuration has a reader's login
    assertThat(run(1, Role.READER, "doctor", "--role", "producer"))
        .contains("WRONG acls")
        .contains("cancel-intents: this user has no right to [WRITE], which a producer needs")
        .contains("`countermand acls apply`")
        .doesNotContain("cancel-outcomes: this user");
    assertThat(run(2, Role.READER, "doctor", "--role", "boss")).contains("only producer, ");
  }

  /** A producer that Kafka refused says of what is sent later only that it is in an error state. */
  @Test
  void shouldNameTheMissingRightEachTime() {
    OrderKey order = OrderKey.of(VENUE, "Sim101", "none");
    try (CancelClient reader = CancelClient.connect(Settings.client(config(Role.READER)))) {
      for (int time = 0; time < 3; time++) {
        assertThatThrownBy(
                () -> reader.cancel(order).within(PATIENCE).send().get(90, TimeUnit.SECONDS))
            .as("time " + time)
            .hasMessageContaining("Write on cancel-intents");
      }
    }
  }

  @Test
  void shouldBeAsTheCommandsWantIt() {
    assertThat(run(0, Role.ADMIN, "acls", "check")).contains("none is too much");
    assertThat(run(0, Role.ADMIN, "topics", "apply")).contains("as they must be");
    assertThat(run(0, Role.ADMIN, "schemas", "check")).contains("SAME");
    assertThat(run(0, Role.ADMIN, "doctor")).contains("all is well");
    assertThat(
            run(-1, Role.OPERATOR, "kill", "--account", "Kill1", "--reason", "drill", "--dry-run"))
        .contains("0 orders");
    // and what `up` says must be refused
    String id = Pipeline.orderId(VENUE);
    place(id);
    String[] cancel = {
      "cancel",
      "--venue",
      VENUE,
      "--account",
      "Sim101",
      "--order-id",
      id,
      "--wait",
      "--within",
      "60s"
    };
    assertThat(run(-1, Role.READER, cancel)).contains("cancel-intents");
    assertThat(run(0, Role.PRODUCER, cancel)).contains("CANCELED");
    assertThat(UpText.lines(stack, "http://127.0.0.1:1/", true))
        .anyMatch(each -> each.contains("cancel --config " + stack.configFile(Role.READER)))
        .anyMatch(each -> each.contains("kill --config " + stack.configFile(Role.OPERATOR)));
  }

  @Test
  void shouldShowTheConsoleByTheReadersLogin() {
    try (var console = LocalConsole.open(stack)) {
      Awaitility.await("console")
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(console.missing()).isEmpty());
    }
  }

  /** By the certificate and the tokens that {@code door.yaml} names. */
  @Test
  void shouldOpenADoorWithItsCertificate() throws Exception {
    // Given
    String token = TokenFile.newToken();
    OwnFile.write(
        data.resolve("door-tokens"),
        TokenFile.line(token, "desk-a", "cancel,read", VENUE + "/Sim101").getBytes(UTF_8));
    OrderKey order = place(Pipeline.orderId(VENUE));
    Config config =
        Config.load(
            Optional.of(stack.configFile(Role.DOOR)),
            Map.of("COUNTERMAND_DOOR_PORT", "0"),
            Map.of(),
            _ -> false); // it calls no venue
    try (DoorMasses masses = DoorMasses.of(config);
        Door door = Door.open(Settings.door(config), masses)) {
      URI cancels = URI.create("https://127.0.0.1:" + door.port() + "/v1/cancels");
      String body =
          "{\"venue\":\"%s\",\"account\":\"Sim101\",\"orderId\":\"%s\"}"
              .formatted(VENUE, order.orderId());
      var trusted = new ServerTls(data.resolve("none"), "", data.resolve("locks/authority.pem"));
      // When, then
      assertThatThrownBy(() -> post(cancels, null, token, body))
          .as("by whom its authority is not known")
          .isInstanceOf(SSLHandshakeException.class);
      assertThatThrownBy(
              () ->
                  post(URI.create(cancels.toString().replace("https", "http")), null, token, body))
          .as("without TLS")
          .isInstanceOf(IOException.class);
      assertThat(post(cancels, trusted, TokenFile.newToken(), body)).startsWith("401");
      assertThat(post(cancels, trusted, token, body)).startsWith("200").contains("CANCELED");
    }
  }

  /** Status and what was said. */
  private static String post(URI where, @Nullable ServerTls trusted, String token, String body)
      throws IOException {
    var request = (HttpURLConnection) where.toURL().openConnection();
    if (trusted != null) {
      ((HttpsURLConnection) request).setSSLSocketFactory(trusted.sockets());
    }
    request.setRequestProperty("Authorization", "Bearer " + token);
    request.setRequestProperty("Content-Type", "application/json");
    request.setRequestProperty("Prefer", "wait=60");
    request.setDoOutput(true);
    request.getOutputStream().write(body.getBytes(UTF_8));
    int status = request.getResponseCode();
    try (var said = status < 400 ? request.getInputStream() : request.getErrorStream()) {
      return status + " " + new String(said.readAllBytes(), UTF_8);
    }
  }

  @Test
  void shouldShowSchemasToWhoLogsInAndLetTheAdminAloneWriteThem() throws Exception {
    // When, then
    assertThat(run(0, Role.RISK, "schemas", "check")).contains("SAME");
    assertThat(run(1, Role.RISK, "schemas", "register")).contains("not authorized");
    assertThat(run(0, Role.ADMIN, "schemas", "register")).contains("SAME");
    // and with one line less, or another's password
    String text = Files.readString(stack.configFile(Role.RISK));
    Path nobody = data.resolve("nobody.yaml");
    Files.writeString(
        nobody,
        text.lines().filter(each -> !each.contains("basic.auth.")).collect(Collectors.joining("\n"))
            + "\n");
    assertThat(run(1, nobody, "schemas", "check")).contains("does not do as asked");
    Path wrong = data.resolve("wrong.yaml");
    Files.writeString(wrong, text.replace(":registry}", ":kafka-password}"));
    assertThat(run(1, wrong, "schemas", "check")).contains("does not do as asked");
  }

  @Test
  void shouldLeaveNoSecretWhereOthersOrLogsAre() throws Exception {
    // Given
    List<String> secrets = new ArrayList<>();
    secrets.add(Files.readString(data.resolve("locks/keystore.password")));
    for (Role role : Role.values()) {
      var login = new Properties();
      try (var in = Files.newInputStream(data.resolve("locks/" + role.user() + ".properties"))) {
        login.load(in);
      }
      secrets.add(login.getProperty("kafka-password"));
      secrets.add(login.getProperty("registry-password"));
    }
    assertThat(secrets).hasSize(1 + 2 * Role.values().length).doesNotContainNull();
    // When, then
    assertThat(permissions(data)).isEqualTo("rwx------");
    assertThat(permissions(data.resolve("locks"))).isEqualTo("rwx------");
    try (Stream<Path> files = Files.walk(data)) {
      for (Path each : files.filter(Files::isRegularFile).toList()) {
        String text = text(each);
        if (secrets.stream().anyMatch(text::contains)) {
          assertThat(permissions(each)).as(each.toString()).isEqualTo("rw-------");
          assertThat(data.relativize(each).toString())
              .doesNotStartWith("logs")
              .doesNotEndWith("yaml");
        }
      }
    }
    assertThat(said).noneMatch(each -> secrets.stream().anyMatch(each::contains));
  }

  /** Empty: gone meanwhile, as segments and sockets go. */
  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }

  @Test
  void shouldNotBeOpenedByMistake() {
    assertThatThrownBy(() -> LocalStack.start(options(false), _ -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is locked: start it with --locked");
  }

  @Test
  void shouldCloseNobodyElsesDirectory(@TempDir Path other) throws Exception {
    // Given
    Files.writeString(other.resolve("notes"), "mine");
    String before = permissions(other);
    var options = new LocalStack.Options(other, 0, 0, Map.of(), "1ms", false, Map.of(), true);
    // When, then
    assertThatThrownBy(() -> LocalStack.start(options, _ -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("holds something else: give another directory with --data");
    assertThat(permissions(other)).isEqualTo(before);
    assertThat(Files.list(other)).hasSize(1);
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private Config config(Role role) {
    return stack.config(role);
  }

  private OrderKey place(String id) {
    stack.simulator().book().place(NewOrder.of(VENUE, "Sim101", id, "10"));
    return OrderKey.of(VENUE, "Sim101", id);
  }

  private String run(int code, Role role, String... arguments) {
    return run(code, stack.configFile(role), arguments);
  }

  /**
   * @param code -1: any but 0
   */
  private static String run(int code, Path config, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--config", config.toString()));
    var out = new StringWriter();
    int ended =
        Countermand.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(out, true))
            .execute(all.toArray(String[]::new));
    if (code < 0) {
      assertThat(ended).as(all + "\n" + out).isNotZero();
    } else {
      assertThat(ended).as(all + "\n" + out).isEqualTo(code);
    }
    return out.toString();
  }
}
