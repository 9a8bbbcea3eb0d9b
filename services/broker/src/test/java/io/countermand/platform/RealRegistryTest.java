package io.countermand.platform;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.countermand.events.CancelIntent;
import io.countermand.events.OrdStatus;
import io.countermand.events.OrderEvent;
import io.countermand.events.serde.Decoded;
import io.countermand.events.serde.Decoded.Kind;
import io.countermand.events.serde.Decoded.Ok;
import io.countermand.events.serde.Decoded.Poison;
import io.countermand.events.serde.EventDecoder;
import io.countermand.events.serde.EventSerdes;
import io.countermand.events.serde.RegistryUnavailableException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The serdes against the registry itself: what it answers decides between poison and trouble. */
@ExtendWith(SharedPlatform.class)
class RealRegistryTest {

  private final String url = SharedPlatform.get().registryUrl();
  private final EventSerdes serdes = new EventSerdes(url);

  @BeforeEach
  void register() {
    SchemaAdmin.register(url, Catalogue.of(1, (short) 1));
  }

  @Test
  void shouldReadBackWhatItWrote() {
    OrderEvent event = event();

    byte[] bytes = write(event);

    assertThat(serdes.decoder(OrderEvent.class).decode(Topics.ORDER_EVENTS, bytes))
        .isEqualTo(new Ok<>(event));
  }

  @Test
  void shouldCallAnIdThatTheRegistryDoesNotKnowPoison() {
    byte[] bytes = ByteBuffer.allocate(10).put((byte) 0).putInt(1_000_000).array();

    assertThat(kind(bytes)).isEqualTo(Kind.UNKNOWN_SCHEMA);
  }

  @Test
  void shouldCallAnotherTopicsRecordPoison() {
    assertThat(kind(write(event()))).isEqualTo(Kind.WRONG_TYPE);
  }

  @Test
  void shouldCallASchemaThatIsNotAvroPoison() throws Exception {
    String subject = "json-" + UUID.randomUUID();
    int id = registerJsonSchema(subject);
    byte[] bytes = ByteBuffer.allocate(10).put((byte) 0).putInt(id).array();

    assertThat(kind(bytes)).isEqualTo(Kind.UNKNOWN_SCHEMA);
  }

  @Test
  void shouldAskForAnUnknownIdOnlyOnce() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    HttpServer registry = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    registry.createContext(
        "/",
        exchange -> {
          asked.incrementAndGet();
          byte[] body = "{\"error_code\":40403,\"message\":\"Schema not found\"}".getBytes(UTF_8);
          exchange.sendResponseHeaders(404, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    registry.start();
    try {
      var decoder =
          new EventSerdes("http://127.0.0.1:" + registry.getAddress().getPort())
              .decoder(OrderEvent.class);
      byte[] bytes = ByteBuffer.allocate(10).put((byte) 0).putInt(7).array();

      for (int i = 0; i < 50; i++) {
        assertThat(decoder.decode(Topics.ORDER_EVENTS, bytes)).isInstanceOf(Poison.class);
      }

      assertThat(asked).hasValue(1);
    } finally {
      registry.stop(0);
    }
  }

  @Test
  void shouldNotCallARecordPoisonWhenNobodyListens() {
    var nobody = new EventSerdes("http://127.0.0.1:" + LocalPlatform.freePort());
    EventDecoder<OrderEvent> decoder = nobody.decoder(OrderEvent.class);
    byte[] bytes = write(event());

    assertThatThrownBy(() -> decoder.decode(Topics.ORDER_EVENTS, bytes))
        .isInstanceOf(RegistryUnavailableException.class);
    assertThatThrownBy(
            () -> nobody.serializer(OrderEvent.class).serialize(Topics.ORDER_EVENTS, event()))
        .isInstanceOf(RegistryUnavailableException.class);
  }

  @Test
  void shouldNotCallARecordPoisonWhenTheAddressIsWrong() {
    var wrong = new EventSerdes(url.replace("/apis/ccompat/v7", "/apis/nothing"));
    EventDecoder<OrderEvent> decoder = wrong.decoder(OrderEvent.class);
    byte[] bytes = write(event());

    assertThatThrownBy(() -> decoder.decode(Topics.ORDER_EVENTS, bytes))
        .isInstanceOf(RegistryUnavailableException.class);
  }

  @Test
  void shouldNotCallARecordPoisonWhenTheRegistryIsIll() throws Exception {
    HttpServer ill = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    ill.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(503, -1);
          exchange.close();
        });
    ill.start();
    try {
      var decoder =
          new EventSerdes("http://127.0.0.1:" + ill.getAddress().getPort())
              .decoder(OrderEvent.class);
      byte[] bytes = write(event());

      assertThatThrownBy(() -> decoder.decode(Topics.ORDER_EVENTS, bytes))
          .isInstanceOf(RegistryUnavailableException.class);
    } finally {
      ill.stop(0);
    }
  }

  private byte[] write(OrderEvent event) {
    return serdes.serializer(OrderEvent.class).serialize(Topics.ORDER_EVENTS, event);
  }

  private Kind kind(byte[] bytes) {
    Decoded<CancelIntent> decoded =
        serdes.decoder(CancelIntent.class).decode(Topics.INTENTS, bytes);
    return ((Poison<CancelIntent>) decoded).kind();
  }

  private int registerJsonSchema(String subject) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + "/subjects/" + subject + "/versions"))
            .header("Content-Type", "application/vnd.schemaregistry.v1+json")
            .POST(
                BodyPublishers.ofString(
                    """
                    {"schemaType": "JSON",
                     "schema": "{\\"title\\": \\"%s\\", \\"type\\": \\"object\\", \
                    \\"$schema\\": \\"http://json-schema.org/draft-07/schema#\\"}"}
                    """
                        .formatted(subject)))
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      String answer = http.send(request, BodyHandlers.ofString()).body();
      Matcher id = Pattern.compile("\"id\":(\\d+)").matcher(answer);
      assertThat(id.find()).as(answer).isTrue();
      return Integer.parseInt(id.group(1));
    }
  }

  static OrderEvent event() {
    return OrderEvent.newBuilder()
        .setVenue("cadenza")
        .setAccount("acc-1")
        .setOrderId("77")
        .setOrdStatus(OrdStatus.PARTIALLY_FILLED)
        .setCumQty("0.25")
        .setSource("feed:cadenza")
        .setObservedAt(Instant.parse("2026-03-01T12:00:00.123456Z"))
        .build();
  }
}
