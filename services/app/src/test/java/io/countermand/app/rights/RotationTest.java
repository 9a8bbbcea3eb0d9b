package io.countermand.app.rights;

import static io.countermand.app.rights.LockedPipeline.VENUE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countermand.app.config.Settings;
import io.countermand.app.pipeline.Pipeline;
import io.countermand.app.role.FeedPublisher;
import io.countermand.client.CancelClient;
import io.countermand.desk.Desk;
import io.countermand.domain.order.OrderRef;
import io.countermand.events.CancelOutcome;
import io.countermand.events.CancelResult;
import io.countermand.events.OrderKey;
import io.countermand.ledger.Ledger;
import io.countermand.platform.OwnFile;
import io.countermand.platform.locked.Login;
import io.countermand.platform.locked.ScramUsers;
import io.countermand.platform.tls.ServerTls;
import io.countermand.simulator.book.NewOrder;
import io.countermand.simulator.journal.JournalCall;
import io.countermand.simulator.options.SimulatedCredentials;
import io.countermand.simulator.request.CallKind;
import io.countermand.venues.http.transport.TlsContext;
import io.countermand.venues.limits.Limits;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLSocket;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Secrets that change under load: the venue's token, the roles' passwords for Kafka, the broker's
 * certificate. No restart of a role, and no cancel lost. Prints how long the longest took.
 */
@Tag("long")
class RotationTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Cancels a second; each phase's length is for the default. */
  private static final int RATE = Integer.getInteger("countermand.rotation.rate", 300);

  /** Each connection must show its password again within so long. */
  private static final Duration SESSION = Duration.ofSeconds(15);

  private final List<AutoCloseable> parts = new ArrayList<>();
  private final List<Sent> sent = new ArrayList<>();
  private LockedPipeline pipeline;
  private volatile CancelClient producer;

  private record Sent(
      String phase, OrderRef order, Instant at, CompletableFuture<CancelOutcome> outcome) {}

  private interface Change {
    void run() throws Exception;
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable each : parts.reversed()) {
      each.close();
    }
  }

  private <T extends AutoCloseable> T keep(T part) {
    parts.add(part);
    return part;
  }

  @Test
  void shouldLoseNoCancelWhileSecretsChange(@TempDir Path data) throws Exception {
    // Given
    pipeline =
        keep(
            new LockedPipeline(
                data,
                Map.of("connections.max.reauth.ms", Long.toString(SESSION.toMillis())),
                true));
    Clock clock = Clock.systemUTC();
    var meters = new SimpleMeterRegistry();
    Ledger ledger = keep(Ledger.start(Settings.ledger(pipeline.config(Role.LEDGER)), meters));
    Desk desk =
        keep(
            Desk.start(
                Settings.desk(pipeline.config(Role.DESK), Set.of(), new Limits(clock), clock),
                new SimpleMeterRegistry()));
    pipeline.feeds().to(keep(new FeedPublisher(pipeline.connection(Role.FEED))));
    Awaitility.await("roles").atMost(PATIENCE).until(() -> desk.ready() && ledger.role().ready());
    producer = keep(CancelClient.connect(Settings.client(pipeline.config(Role.PRODUCER))));
    Properties old = pipeline.connection(Role.PRODUCER).admin("old");
    old.put("sasl.jaas.config", jaas(pipeline.login(Role.PRODUCER)));
    old.remove("sasl.client.callback.handler.class");
    X509Certificate before = certificate();

    // When
    phase("before", 10, () -> {});
    phase("token, two side by side", 6, () -> token("sim-token-2", true));
    phase("old token taken back", 6, () -> accept("sim-token-2", false));
    phase("token, old one refused at once", 10, () -> token("sim-token-3", false));
    phase("SCRAM passwords of five roles", (int) SESSION.toSeconds() + 8, this::passwords);
    phase("the broker's certificate", 20, this::certify);

    // Then
    report();
    for (Sent each : sent) {
      assertThat(each.outcome().get(90, SECONDS).getResult())
          .as("%s in %s", each.order(), each.phase())
          .isEqualTo(CancelResult.CANCELED);
    }
    assertThat(certificate()).isNotEqualTo(before);
    try (Admin admin = Admin.create(old)) {
      assertThatThrownBy(() -> admin.describeCluster().clusterId().get(30, SECONDS))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(SaslAuthenticationException.class);
    }
    assertThat(desk.ready() && ledger.role().ready()).isTrue();
  }

  /** Steady load, and the change as it begins. */
  private void phase(String name, int seconds, Change change) throws Exception {
    var done = new CompletableFuture<@org.jspecify.annotations.Nullable Void>();
    Thread.ofVirtual()
        .name("change")
        .start(
            () -> {
              try {
                change.run();
                done.complete(null);
              } catch (Throwable e) {
                done.completeExceptionally(e);
              }
            });
    long start = System.nanoTime();
    for (int i = 0; i < seconds * RATE; i++) {
      LockSupport.parkNanos(start + i * 1_000_000_000L / RATE - System.nanoTime());
      OrderRef order = new OrderRef(VENUE, "Sim101", Pipeline.orderId(VENUE));
      pipeline.simulator().book().place(NewOrder.of(VENUE, "Sim101", order.orderId(), "10"));
      Instant now = Instant.now();
      var outcome =
          producer
              .cancel(OrderKey.of(VENUE, "Sim101", order.orderId()))
              .within(Duration.ofSeconds(20))
              .send();
      sent.add(new Sent(name, order, now, outcome));
    }
    done.get(30, SECONDS);
  }

  private void accept(String token, boolean beside) {
    SimulatedCredentials first = SimulatedCredentials.DEFAULT;
    pipeline
        .simulator()
        .credentials(
            VENUE,
            new SimulatedCredentials(first.user(), first.password(), token, first.key()),
            beside);
  }

  /** Side by side: the venue first; else the file, and the old one is refused right after that. */
  private void token(String token, boolean beside) throws Exception {
    if (beside) {
      accept(token, true);
    }
    OwnFile.write(pipeline.token(), token.getBytes(UTF_8));
    if (!beside) {
      accept(token, false);
    }
  }

  private void passwords() throws Exception {
    for (Role role : List.of(Role.DESK, Role.LEDGER, Role.FEED, Role.PRODUCER, Role.OMS)) {
      Login now = pipeline.login(role);
      var next = new Login(now.user(), now.kafka() + "-next", now.registry(), now.file());
      byte[] text = Files.readString(now.file()).replace(now.kafka(), next.kafka()).getBytes(UTF_8);
      try (Admin admin = pipeline.superUser()) {
        ScramUsers.tell(admin, List.of(next));
        OwnFile.write(now.file(), text);
      }
    }
  }

  private static String jaas(Login login) {
    return "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\""
            .formatted(login.user())
        + " password=\"%s\";".formatted(login.kafka());
  }

  /** Then a producer that connects anew, and so meets it. */
  private void certify() throws Exception {
    ServerTls next = pipeline.next();
    try (Admin admin = pipeline.superUser()) {
      String broker = admin.describeCluster().nodes().get(30, SECONDS).iterator().next().idString();
      List<AlterConfigOp> settings = new ArrayList<>();
      next.server()
          .forEach(
              (name, value) ->
                  settings.add(
                      new AlterConfigOp(
                          new ConfigEntry("listener.name.clients." + name, value),
                          AlterConfigOp.OpType.SET)));
      admin
          .incrementalAlterConfigs(
              Map.of(new ConfigResource(ConfigResource.Type.BROKER, broker), settings))
          .all()
          .get(30, SECONDS);
    }
    producer = keep(CancelClient.connect(Settings.client(pipeline.config(Role.PRODUCER))));
  }

  private X509Certificate certificate() throws Exception {
    String[] place = pipeline.bootstrapServers().split(":");
    var sockets = TlsContext.of(pipeline.authority(), null, null).getSocketFactory();
    try (var socket = (SSLSocket) sockets.createSocket(place[0], Integer.parseInt(place[1]))) {
      socket.startHandshake();
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }
  }

  /** Also that the venue was asked once, but for calls whose token it refused. */
  private void report() throws Exception {
    for (Sent each : sent) {
      var _ = each.outcome().handle((outcome, failure) -> true).get(90, SECONDS);
    }
    Map<String, Instant> taken = new HashMap<>();
    int refused = 0;
    for (JournalCall call : pipeline.simulator().journal().calls(CallKind.CANCEL)) {
      if (call.answered() != null && "unauthorized".equals(call.answered().fault())) {
        refused++;
        continue;
      }
      assertThat(taken.put(call.received().orderId(), call.received().at()))
          .as("a second call for %s", call.received().orderId())
          .isNull();
    }
    System.out.printf("rotation under %d/s: %d cancels%n", RATE, sent.size());
    for (String phase : sent.stream().map(Sent::phase).distinct().toList()) {
      List<Long> times =
          sent.stream()
              .filter(each -> each.phase().equals(phase))
              .filter(each -> taken.containsKey(each.order().orderId()))
              .map(
                  each -> Duration.between(each.at(), taken.get(each.order().orderId())).toMillis())
              .sorted()
              .toList();
      System.out.printf(
          "  %-34s %6d at the venue; intent to venue p50 %d ms, p99 %d ms, longest %d ms%n",
          phase,
          times.size(),
          times.get(times.size() / 2),
          times.get(times.size() * 99 / 100),
          times.getLast());
    }
    System.out.printf("  calls that the venue refused for their old token: %d%n", refused);
    assertThat(taken.keySet())
        .containsExactlyInAnyOrderElementsOf(
            sent.stream().map(each -> each.order().orderId()).toList());
  }
}
