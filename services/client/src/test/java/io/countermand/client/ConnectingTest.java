package io.countermand.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.junit.jupiter.api.Test;

/** What is missing is said at once, with what to do; here against nothing at all. */
class ConnectingTest {

  @Test
  void shouldSayThatTheRegistryCannotBeReached() throws IOException {
    ClientException said =
        failure(Connection.of("127.0.0.1:1", "http://127.0.0.1:" + closedPort()));
    assertThat(said.problem()).isEqualTo(Problem.REGISTRY_UNREACHABLE);
    assertThat(said).hasMessageContaining("URL");
  }

  @Test
  void shouldSayThatThereIsNoRegistryAtTheUrl() throws IOException {
    // Given: a server of something else, or the registry's without its path
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.start();
    try {
      // When
      ClientException said =
          failure(
              Connection.of("127.0.0.1:1", "http://127.0.0.1:" + server.getAddress().getPort()));
      // Then
      assertThat(said.problem()).isEqualTo(Problem.REGISTRY_UNREACHABLE);
      assertThat(said).hasMessageContaining("HTTP 404").hasMessageContaining("/apis/ccompat/v7");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void shouldSayThatTheSchemaIsNotRegistered() {
    ClientException said = failure(Connection.of("127.0.0.1:1", "mock://empty"));
    assertThat(said.problem()).isEqualTo(Problem.SCHEMA_INCOMPATIBLE);
    assertThat(said).hasMessageContaining("countermand schemas register");
  }

  @Test
  void shouldSayTheSameBeforeTheFirstHeartbeat() throws IOException {
    Duration within = Duration.ofMillis(500);
    Connection away = Connection.of("127.0.0.1:1", "http://127.0.0.1:" + closedPort());
    Connection empty = Connection.of("127.0.0.1:1", "mock://no-heartbeats");
    ClientException noRegistry =
        catchThrowableOfType(
            ClientException.class, () -> HeartbeatPublisher.connect(away, within).close());
    ClientException noSchema =
        catchThrowableOfType(
            ClientException.class, () -> HeartbeatPublisher.connect(empty, within).close());
    assertThat(noRegistry.problem()).isEqualTo(Problem.REGISTRY_UNREACHABLE);
    assertThat(noSchema.problem()).isEqualTo(Problem.SCHEMA_INCOMPATIBLE);
  }

  @Test
  void shouldSayWhyAProducerIsInAnErrorState() {
    var refused = new ClusterAuthorizationException("Cluster authorization failed.");
    var later = new KafkaException("Cannot execute transactional method", refused);
    assertThat(ClientException.of("a cancel", later).problem()).isEqualTo(Problem.NOT_AUTHORISED);
    assertThat(ClientException.of("a cancel", new KafkaException("broken")))
        .hasMessageContaining("broken");
  }

  @Test
  void shouldNotTellSecrets() {
    Connection connection =
        Connection.of("k:1", "https://me:a/secret@r:8081,https://me:secret@s:8081")
            .withKafka(Map.of("sasl.jaas.config", "secret"));
    assertThat(connection.toString())
        .contains("sasl.jaas.config", "https://***@s:8081")
        .doesNotContain("secret");
  }

  private static ClientException failure(Connection connection) {
    return catchThrowableOfType(
        ClientException.class,
        () ->
            CancelClient.builder(connection)
                .connectWithin(Duration.ofMillis(500))
                .connect()
                .close());
  }

  private static int closedPort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
