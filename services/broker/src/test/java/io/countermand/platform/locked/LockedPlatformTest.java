package io.countermand.platform.locked;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.countermand.platform.Catalogue;
import io.countermand.platform.LocalPlatform;
import io.countermand.platform.SchemaAdmin;
import java.io.IOException;
import java.io.Reader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Broker and registry with all locks: each deed is refused, and succeeds without its one lock. */
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LockedPlatformTest {

  static final String OWN = "own";
  static final String WRITER = "writer";
  static final String READER = "reader";

  private Path data;
  private LockDirectory locks;
  private LocalPlatform platform;
  private Refusals refusals;

  @BeforeAll
  void start(@TempDir Path dir) throws Exception {
    data = dir;
    List<String> users = List.of(OWN, WRITER, READER);
    locks = LockDirectory.open(data.resolve("locked"), users, Instant.now(), _ -> {});
    platform =
        LocalPlatform.start(
            new LocalPlatform.Options(
                data, 0, 0, locks.broker(OWN), locks.registry(List.of(WRITER, READER), WRITER)));
    refusals = new Refusals(platform, locks, dir.resolve("elsewhere"));
    try (Admin admin = Admin.create(refusals.kafka(locks.broker(OWN).client()))) {
      ScramUsers.tell(admin, List.of(refusals.before()));
      ScramUsers.tell(admin, List.of(locks.login(READER)));
    }
    await()
        .atMost(Duration.ofSeconds(150))
        .ignoreExceptions()
        .until(() -> refusals.nodes(refusals.reader()) == 1);
  }

  @AfterAll
  void stop() throws Exception {
    refusals.close();
    platform.close();
  }

  @Test
  void shouldAllowNothingThatNoAclAllows() throws Exception {
    // Given: a topic without any ACL
    try (Admin own = Admin.create(refusals.kafka(locks.broker(OWN).client()));
        Admin admin = Admin.create(refusals.kafka(refusals.reader()))) {
      own.createTopics(List.of(new NewTopic("t", 1, (short) 1))).all().get(60, TimeUnit.SECONDS);
      // When, then
      assertThat(own.describeTopics(List.of("t")).allTopicNames().get(60, TimeUnit.SECONDS))
          .hasSize(1);
      assertThatThrownBy(
              () -> admin.describeTopics(List.of("t")).allTopicNames().get(60, TimeUnit.SECONDS))
          .hasCauseInstanceOf(TopicAuthorizationException.class);
      assertThat(admin.listTopics().names().get(60, TimeUnit.SECONDS)).isEmpty();
    }
  }

  /**
   * The whole of a reader's and of a writer's work at the registry; what is not theirs, {@link
   * Refusals} has.
   */
  @Test
  void shouldLetTheWriterRegisterAndTheReaderCheck() throws Exception {
    Catalogue catalogue = Catalogue.of(1, (short) 1);
    String url = platform.registryUrl();
    // When, then
    assertThat(SchemaAdmin.register(url, refusals.registry(WRITER), catalogue)).isNotEmpty();
    assertThat(SchemaAdmin.check(url, refusals.registry(READER), catalogue))
        .allMatch(each -> each.status() == SchemaAdmin.Status.SAME);
    // and what the registry itself would show to anybody is for who logs in, too
    assertThat(refusals.http("GET", "/apis/registry/v3/system/info", null, null)).isEqualTo(401);
  }

  Stream<Refusals.Deed> ways() {
    return refusals.ways();
  }

  Stream<Refusals.Deed> passwords() {
    return refusals.passwords();
  }

  /** Kind d of docs/security.md. */
  @ParameterizedTest
  @MethodSource("ways")
  void shouldLetInByTlsAndTheRightNameAndAuthorityOnly(Refusals.Deed deed) throws Exception {
    deed.shouldBeRefusedButForItsLock();
  }

  /** Kind e of docs/security.md. */
  @ParameterizedTest
  @MethodSource("passwords")
  void shouldTakeOnesOwnPasswordOnlyAndTheWritersSchemas(Refusals.Deed deed) throws Exception {
    deed.shouldBeRefusedButForItsLock();
  }

  /** A port that nobody was told of would be found by who looks for it. */
  @Test
  void shouldHaveNoOtherListener() throws Exception {
    Properties broker = new Properties();
    try (Reader in = Files.newBufferedReader(data.resolve("kafka/server.properties"))) {
      broker.load(in);
    }
    assertThat(broker.getProperty("listeners").split(",")).hasSize(2);
    assertThat(broker.getProperty("listener.security.protocol.map"))
        .isEqualTo("CLIENTS:SASL_SSL,CONTROLLER:SASL_SSL");
    assertThat(broker.values()).noneMatch(each -> each.toString().contains("PLAINTEXT"));
    Properties registry = new Properties();
    try (Reader in =
        Files.newBufferedReader(data.resolve("registry/config/application.properties"))) {
      registry.load(in);
    }
    assertThat(registry)
        .containsEntry("quarkus.http.insecure-requests", "disabled")
        .doesNotContainKey("quarkus.http.port");
    // and what they do, whatever they were told
    assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "Linux tells who listens");
    String bootstrap = platform.bootstrapServers();
    String controller = broker.getProperty("controller.quorum.bootstrap.servers", "");
    controller = controller.isEmpty() ? broker.getProperty("listeners") : controller;
    assertThat(Listeners.of("BrokerMain", data.resolve("kafka")))
        .hasSize(2)
        .contains(
            Integer.parseInt(bootstrap.substring(bootstrap.indexOf(':') + 1)),
            Integer.parseInt(controller.substring(controller.lastIndexOf(':') + 1)));
    assertThat(Listeners.of("RegistryMain", data.resolve("registry")))
        .containsExactly(URI.create(platform.registryUrl()).getPort());
  }

  /** Also not by a word that the port answers before TLS. */
  @Test
  void shouldSpeakNothingInTheClear() throws Exception {
    int port = URI.create(platform.registryUrl()).getPort();
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write("GET /health HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      byte[] answer;
      try {
        answer = socket.getInputStream().readAllBytes();
      } catch (IOException e) {
        answer = new byte[0]; // reset, which is an answer, too
      }
      assertThat(new String(answer, StandardCharsets.ISO_8859_1)).doesNotContain("HTTP/1");
    }
  }

  @Test
  void shouldLeaveNoPasswordInArgumentsLogsOrFilesOfOthers() throws Exception {
    // Given
    List<String> secrets =
        Stream.concat(
                Stream.of(OWN, WRITER, READER)
                    .map(locks::login)
                    .flatMap(each -> Stream.of(each.kafka(), each.registry())),
                Stream.of(Files.readString(locks.keystorePasswordFile())))
            .toList();
    // When: arguments of our children
    List<String> arguments =
        ProcessHandle.current()
            .children()
            .map(each -> each.info().commandLine().orElse(""))
            .toList();
    // Then
    assertThat(arguments).anyMatch(each -> each.contains("RegistryMain"));
    for (String secret : secrets) {
      assertThat(arguments).noneMatch(each -> each.contains(secret));
    }
    try (Stream<Path> files = Files.walk(data)) {
      for (Path each : files.filter(Files::isRegularFile).toList()) {
        String text = Files.readString(each, StandardCharsets.ISO_8859_1);
        if (secrets.stream().anyMatch(text::contains)) {
          assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
              .as(each.toString())
              .isEqualTo("rw-------");
          assertThat(each.toString()).doesNotContain("logs");
        }
      }
    }
  }
}
