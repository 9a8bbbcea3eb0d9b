package io.countermand.door;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.config.Config;
import io.countermand.app.pipeline.PipelineAccess;
import io.countermand.app.role.DoorMasses;
import io.countermand.client.Connection;
import io.countermand.domain.order.OrderRef;
import io.countermand.events.OrderKey;
import io.countermand.oidc.OidcSettings;
import io.countermand.simulator.book.NewOrder;
import io.countermand.simulator.fault.Fault;
import io.countermand.simulator.fault.FaultRule;
import io.countermand.simulator.request.CallKind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** An open door before the real pipeline, and who may call it. */
@Tag("pipeline")
@ExtendWith(PipelineAccess.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DoorScenario {

  static final String VENUE = "crosstrade";
  static final String ACCOUNT = "Sim101";
  static final Duration PATIENCE = Duration.ofSeconds(60);

  final PipelineAccess.Stack stack;
  final HttpClient http = HttpClient.newHttpClient();
  Path tokens;
  DoorMasses masses;
  Door door;
  DoorVisitor visitor;
  DoorVisitor other;
  DoorVisitor all;
  private final List<CountDownLatch> held = new CopyOnWriteArrayList<>();

  DoorScenario(PipelineAccess.Stack stack) {
    this.stack = stack;
  }

  @BeforeAll
  void open(@TempDir Path directory) throws IOException {
    String token = TokenFile.newToken();
    String elsewhere = TokenFile.newToken();
    String everywhere = TokenFile.newToken();
    tokens =
        Files.writeString(
            directory.resolve("tokens"),
            String.join(
                "\n",
                "# who may call",
                TokenFile.line(token, "desk-a", "cancel,read", VENUE + "/" + ACCOUNT),
                TokenFile.line(elsewhere, "desk-b", "cancel,read", VENUE + "/Sim102,cadenza/*"),
                TokenFile.line(everywhere, "all", "cancel,read,mass-cancel,release", "*"),
                String.join("\n", moreTokens()),
                ""));
    masses = DoorMasses.of(Config.load(Optional.of(stack.config()), Map.of()));
    door = openDoor();
    Awaitility.await("order states read").atMost(PATIENCE).until(() -> door.missing().isEmpty());
    visitor = new DoorVisitor(http, door.port(), token);
    other = new DoorVisitor(http, door.port(), elsewhere);
    all = new DoorVisitor(http, door.port(), everywhere);
  }

  /** Lines of the token file. */
  List<String> moreTokens() {
    return List.of();
  }

  /** The token file anew; at once, so that the door reads no half of it. */
  final void writeTokens(String text) throws IOException {
    Path whole = tokens.resolveSibling(tokens.getFileName() + ".new");
    Files.writeString(whole, text);
    Files.move(whole, tokens, StandardCopyOption.ATOMIC_MOVE);
  }

  @AfterAll
  void close() {
    door.close();
    masses.close();
    http.close();
  }

  Door openDoor() {
    // A stream that was left is noticed some seconds later.
    return openDoor(100_000, 20, null);
  }

  Door openDoor(int perSecond, int streams, DoorSettings.Tls tls) {
    return openDoor(perSecond, streams, tls, tokens, oidc());
  }

  /** Whose signed tokens count, too; null: nobody's. */
  @Nullable OidcSettings oidc() {
    return null;
  }

  Door openDoor(
      int perSecond,
      int streams,
      DoorSettings.@Nullable Tls tls,
      @Nullable Path file,
      @Nullable OidcSettings oidc) {
    return openDoor(perSecond, streams, tls, file, oidc, 1_000);
  }

  Door openDoor(
      int perSecond,
      int streams,
      DoorSettings.@Nullable Tls tls,
      @Nullable Path file,
      @Nullable OidcSettings oidc,
      int openCancels) {
    return Door.open(
        new DoorSettings(
            Connection.of(stack.connection().bootstrapServers(), stack.connection().registryUrl()),
            "127.0.0.1",
            0,
            file,
            oidc,
            tls,
            perSecond,
            10_000,
            10_000,
            openCancels,
            streams,
            Duration.ofSeconds(15),
            Set.copyOf(stack.venues().keySet())),
        masses);
  }

  OrderKey place() {
    return place(ACCOUNT);
  }

  OrderKey place(String account) {
    OrderKey order = OrderKey.of(VENUE, account, UUID.randomUUID().toString().replace("-", ""));
    stack.simulator().book().place(NewOrder.of(VENUE, account, order.orderId(), "10"));
    return order;
  }

  /** Lines of an open stream. */
  BufferedReader events(DoorVisitor caller, String path, String... headers) throws Exception {
    var request = caller.request(path.replace(" ", "%20"));
    var response =
        http.send(
            (headers.length == 0 ? request : request.headers(headers)).build(),
            BodyHandlers.ofInputStream());
    assertThat(response.statusCode()).isEqualTo(200);
    return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
  }

  /** The next event, by the names of its fields. */
  static Map<String, String> next(BufferedReader lines) throws IOException {
    Map<String, String> event = new HashMap<>();
    while (true) {
      String line = lines.readLine();
      if (line == null) {
        throw new IOException("the stream has ended");
      }
      if (line.isEmpty() && event.containsKey("data")) {
        return event;
      }
      int colon = line.indexOf(": ");
      if (colon > 0) {
        event.put(line.substring(0, colon), line.substring(colon + 2));
      }
    }
  }

  static Map<String, String> body(OrderKey order) {
    return Map.of("venue", order.venue(), "account", order.account(), "orderId", order.orderId());
  }

  void delay(OrderKey order, Duration time) {
    stack
        .simulator()
        .faults()
        .add(
            FaultRule.next(VENUE, 1, new Fault.Delay(time))
                .on(CallKind.CANCEL)
                .forOrder(order.orderId()));
  }

  /** The venue answers its cancel when this is counted down, or the test has ended. */
  CountDownLatch hold(OrderKey order) {
    var until = new CountDownLatch(1);
    held.add(until);
    stack
        .simulator()
        .faults()
        .add(
            FaultRule.next(VENUE, 1, new Fault.Held(until))
                .on(CallKind.CANCEL)
                .forOrder(order.orderId()));
    return until;
  }

  @AfterEach
  void letGo() {
    held.forEach(CountDownLatch::countDown);
    held.clear();
  }

  long calls(OrderKey order) {
    var ref = new OrderRef(order.venue(), order.account(), order.orderId());
    return stack.simulator().journal().calls(ref).stream()
        .filter(call -> call.kind() == CallKind.CANCEL)
        .count();
  }
}
