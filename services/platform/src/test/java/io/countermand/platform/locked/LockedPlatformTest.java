package io.countermand.platform.locked;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.countermand.platform.BrokerLock;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLHandshakeException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Broker and registry with all locks: each deed is refused, and succeeds without its one lock. */
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LockedPlatformTest {

  private static final String OWN = "own";
  private static final String WRITER = "writer";
  private static final String READER = "reader";

  private Path data;
  private LockDirectory locks;
  private LocalPlatform platform;

  @BeforeAll
  void start(@TempDir Path dir) {
    data = dir;
    List<String> users = List.of(OWN, WRITER, READER);
    locks = LockDirectory.open(data.resolve("locked"), users, Instant.now(), _ -> {});
    platform =
        LocalPlatform.start(
            new LocalPlatform.Options(
                data, 0, 0, locks.broker(OWN), locks.registry(List.of(WRITER, READER), WRITER)));
    try (Admin admin = Admin.create(kafka(locks.broker(OWN).client()))) {
      ScramUsers.tell(admin, List.of(locks.login(READER)));
    }
    await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> nodes(reader()) == 1);
  }

  @AfterAll
  void stop() {
    platform.close();
  }

  private Map<String, Object> kafka(Map<String, String> security) {
    Map<String, Object> settings = new HashMap<>(security);
    settings.put("bootstrap.servers", platform.bootstrapServers());
    settings.put("default.api.timeout.ms", "5000");
    settings.put("request.timeout.ms", "4000");
    return settings;
  }

  private Map<String, String> reader() {
    Login login = locks.login(READER);
    Map<String, String> settings = new HashMap<>(BrokerLock.client(READER, login.kafka()));
    settings.put("security.protocol", "SASL_SSL");
    settings.put("ssl.truststore.type", "PEM");
    settings.put("ssl.truststore.location", locks.authority().toString());
    return settings;
  }

  private Map<String, String> reader(String key, String value) {
    Map<String, String> settings = reader();
    settings.put(key, value);
    return settings;
  }

  private int nodes(Map<String, String> security) throws Exception {
    try (Admin admin = Admin.create(kafka(security))) {
      return admin.describeCluster().nodes().get(10, TimeUnit.SECONDS).size();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  @Test
  void shouldLetInToKafkaByItsOwnLoginAndTheRightAuthorityOnly(@TempDir Path elsewhere)
      throws Exception {
    LockDirectory other = LockDirectory.open(elsewhere, List.of(READER), Instant.now(), _ -> {});
    // When, then
    assertThatThrownBy(() -> nodes(reader("security.protocol", "SASL_PLAINTEXT")))
        .as("no TLS")
        .isInstanceOf(TimeoutException.class);
    assertThatThrownBy(() -> nodes(reader("security.protocol", "PLAINTEXT")))
        .as("neither TLS nor login")
        .isInstanceOf(TimeoutException.class);
    assertThatThrownBy(() -> nodes(reader("security.protocol", "SSL")))
        .as("no login")
        .isInstanceOf(KafkaException.class);
    assertThatThrownBy(() -> nodes(reader("ssl.truststore.location", other.authority().toString())))
        .as("another authority")
        .isInstanceOf(SslAuthenticationException.class);
    String wrong = BrokerLock.client(READER, other.login(READER).kafka()).get("sasl.jaas.config");
    assertThatThrownBy(() -> nodes(reader("sasl.jaas.config", wrong)))
        .as("another password")
        .isInstanceOf(SaslAuthenticationException.class);
    assertThat(nodes(reader())).isEqualTo(1);
  }

  @Test
  void shouldAllowNothingThatNoAclAllows() throws Exception {
    // Given: a topic without any ACL
    try (Admin own = Admin.create(kafka(locks.broker(OWN).client()));
        Admin admin = Admin.create(kafka(reader()))) {
      own.createTopics(List.of(new NewTopic("t", 1, (short) 1))).all().get(30, TimeUnit.SECONDS);
      // When, then
      assertThat(own.describeTopics(List.of("t")).allTopicNames().get(30, TimeUnit.SECONDS))
          .hasSize(1);
      assertThatThrownBy(
              () -> admin.describeTopics(List.of("t")).allTopicNames().get(30, TimeUnit.SECONDS))
          .hasCauseInstanceOf(TopicAuthorizationException.class);
      assertThat(admin.listTopics().names().get(30, TimeUnit.SECONDS)).isEmpty();
    }
  }

  @Test
  void shouldLetInToTheRegistryByLoginAndTlsOnly(@TempDir Path elsewhere) throws Exception {
    String url = platform.registryUrl();
    Catalogue catalogue = Catalogue.of(1, (short) 1);
    Map<String, String> writer = registry(WRITER, locks.login(WRITER).registry());
    Map<String, String> reader = registry(READER, locks.login(READER).registry());
    LockDirectory other = LockDirectory.open(elsewhere, List.of(READER), Instant.now(), _ -> {});
    // When, then: who may write, does
    assertThat(SchemaAdmin.register(url, writer, catalogue)).isNotEmpty();
    assertThat(SchemaAdmin.check(url, reader, catalogue))
        .allMatch(each -> each.status() == SchemaAdmin.Status.SAME);
    // and nobody else
    refused(403, () -> SchemaAdmin.register(url, reader, catalogue));
    refused(401, () -> SchemaAdmin.check(url, registry(READER, "guess"), catalogue));
    refused(
        401, () -> SchemaAdmin.check(url, registry(OWN, locks.login(OWN).registry()), catalogue));
    Map<String, String> nobody = new HashMap<>(reader);
    nobody.remove("basic.auth.user.info");
    nobody.remove("basic.auth.credentials.source");
    refused(401, () -> SchemaAdmin.check(url, nobody, catalogue));
    // also to what the registry itself would show to anybody
    var info =
        (HttpsURLConnection)
            URI.create(url).resolve("/apis/registry/v3/system/info").toURL().openConnection();
    info.setSSLSocketFactory(locks.registry(List.of(WRITER), WRITER).tls().sockets());
    assertThat(info.getResponseCode()).isEqualTo(401);
    Map<String, String> deceived = new HashMap<>(reader);
    deceived.put("schema.registry.ssl.truststore.location", other.authority().toString());
    assertThatThrownBy(() -> SchemaAdmin.check(url, deceived, catalogue))
        .hasCauseInstanceOf(SSLHandshakeException.class);
    assertThatThrownBy(() -> SchemaAdmin.check(url.replace("https:", "http:"), reader, catalogue))
        .hasCauseInstanceOf(IOException.class);
  }

  private Map<String, String> registry(String user, String password) {
    Map<String, String> settings = new HashMap<>();
    settings.put("schema.registry.ssl.truststore.type", "PEM");
    settings.put("schema.registry.ssl.truststore.location", locks.authority().toString());
    settings.put("basic.auth.credentials.source", "USER_INFO");
    settings.put("basic.auth.user.info", user + ":" + password);
    return settings;
  }

  private static void refused(int status, Runnable deed) {
    assertThatThrownBy(deed::run)
        .cause()
        .isInstanceOfSatisfying(
            RestClientException.class, e -> assertThat(e.getStatus()).isEqualTo(status));
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
