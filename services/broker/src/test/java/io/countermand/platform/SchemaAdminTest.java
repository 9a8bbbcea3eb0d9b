package io.countermand.platform;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.countermand.events.OrderEvent;
import io.countermand.events.serde.EventSerdes;
import io.countermand.platform.SchemaAdmin.Status;
import io.countermand.platform.SchemaAdmin.Subject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedPlatform.class)
class SchemaAdminTest {

  private final String url = SharedPlatform.get().registryUrl();
  private final CachedSchemaRegistryClient registry = new CachedSchemaRegistryClient(url, 100);
  private final Catalogue catalogue = one("t-" + UUID.randomUUID());
  private final String subject = catalogue.topics().getFirst().subject();

  @Test
  void shouldRegisterWithFullTransitiveCompatibilityOnce() throws Exception {
    assertThat(status()).isEqualTo(Status.MISSING);

    SchemaAdmin.register(url, catalogue);
    SchemaAdmin.register(url, catalogue);

    assertThat(status()).isEqualTo(Status.SAME);
    assertThat(registry.getCompatibility(subject)).isEqualTo("FULL_TRANSITIVE");
    assertThat(registry.getAllVersions(subject)).hasSize(1);
  }

  @Test
  void shouldMakeTheRegistryRefuseWhatDoesNotFit() {
    SchemaAdmin.register(url, catalogue);

    assertThatThrownBy(() -> registry.register(subject, unfit()))
        .isInstanceOfSatisfying(
            RestClientException.class, e -> assertThat(e.getStatus()).isEqualTo(409));
  }

  @Test
  void shouldRegisterANewVersionThatFits() throws Exception {
    String ours = EventSerdes.schemaOf(OrderEvent.class).canonicalString();
    String older = ours.replaceFirst("\\{\"name\":\"avgPx\"[^}]*},", "");
    assertThat(older).isNotEqualTo(ours);
    registry.register(subject, new AvroSchema(older));
    assertThat(status()).isEqualTo(Status.COMPATIBLE);

    SchemaAdmin.register(url, catalogue);

    assertThat(status()).isEqualTo(Status.SAME);
    assertThat(registry.getAllVersions(subject)).hasSize(2);
  }

  @Test
  void shouldRegisterNothingWhenASchemaDoesNotFit() throws Exception {
    registry.register(subject, unfit());
    assertThat(status()).isEqualTo(Status.INCOMPATIBLE);

    assertThatThrownBy(() -> SchemaAdmin.register(url, catalogue))
        .isInstanceOf(PlatformException.class)
        .hasMessageContaining(subject);

    assertThat(registry.getAllVersions(subject)).hasSize(1);
  }

  @Test
  void shouldCoverEveryTopicOfTheCatalogue() {
    Catalogue all = Catalogue.of(1, (short) 1);

    SchemaAdmin.register(url, all);

    assertThat(SchemaAdmin.check(url, all))
        .hasSameSizeAs(all.topics())
        .extracting(Subject::status)
        .containsOnly(Status.SAME);
  }

  @Test
  void shouldSayWhichRegistryDoesNotAnswer() {
    String nobody = "http://127.0.0.1:" + LocalPlatform.freePort();

    assertThatThrownBy(() -> SchemaAdmin.check(nobody, catalogue))
        .isInstanceOf(PlatformException.class)
        .hasMessageContaining(nobody);
  }

  @Test
  void shouldTellTheRegistryWhoCalls() throws Exception {
    Map<String, String> known =
        Map.of("basic.auth.credentials.source", "USER_INFO", "basic.auth.user.info", "desk:pw");
    String basic = "Basic " + Base64.getEncoder().encodeToString("desk:pw".getBytes(UTF_8));
    try (var door = new Door(url, basic)) {
      assertThatThrownBy(() -> SchemaAdmin.check(door.url(), catalogue))
          .isInstanceOf(PlatformException.class)
          .hasMessageContaining("registry.properties");

      SchemaAdmin.register(door.url(), known, catalogue);

      assertThat(SchemaAdmin.check(door.url(), known, catalogue).getFirst().status())
          .isEqualTo(Status.SAME);
    }
  }

  @Test
  void shouldNotTellThePasswordInItsAddress() {
    String nobody = "http://desk:pw@127.0.0.1:" + LocalPlatform.freePort();

    assertThatThrownBy(() -> SchemaAdmin.check(nobody, catalogue))
        .hasMessageContaining("127.0.0.1")
        .hasMessageNotContaining("desk:pw");
  }

  /** Before the real registry: lets nobody through without this header. */
  private static final class Door implements AutoCloseable {

    private final HttpServer server;
    private final HttpClient client = HttpClient.newHttpClient();

    Door(String behind, String authorization) throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/",
          exchange -> {
            try (exchange) {
              if (!authorization.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                exchange.sendResponseHeaders(401, -1);
                return;
              }
              byte[] body = exchange.getRequestBody().readAllBytes();
              String path = exchange.getRequestURI().getRawPath();
              String query = exchange.getRequestURI().getRawQuery();
              var request =
                  HttpRequest.newBuilder(
                          URI.create(behind + path + (query == null ? "" : "?" + query)))
                      .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                      .method(
                          exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body))
                      .build();
              var answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
              exchange.getResponseHeaders().set("Content-Type", "application/json");
              exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
              exchange.getResponseBody().write(answer.body());
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
      server.start();
    }

    String url() {
      return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
      server.stop(0);
      client.close();
    }
  }

  private Status status() {
    return SchemaAdmin.check(url, catalogue).getFirst().status();
  }

  private static AvroSchema unfit() {
    return new AvroSchema(
        """
        {"type": "record", "name": "OrderEvent", "namespace": "io.countermand.events",
         "fields": [{"name": "somethingElse", "type": "string"}]}
        """);
  }

  private static Catalogue one(String topic) {
    return new Catalogue(
        List.of(new TopicSpec(topic, 1, (short) 1, java.util.Map.of(), OrderEvent.class)));
  }
}
