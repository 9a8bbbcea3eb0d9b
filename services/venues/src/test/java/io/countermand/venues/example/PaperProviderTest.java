package io.countermand.venues.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.venues.Credentials;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.VenueSettings;
import io.countermand.venues.Venues;
import io.countermand.venues.testing.Requests;
import io.countermand.venues.testing.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The worked example of docs/venues/adding-a-venue.md. */
class PaperProviderTest {

  private static final Duration LONG = Duration.ofSeconds(20);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "200|{\"id\":\"7\",\"state\":\"gone\",\"done\":\"0.5\"}|Canceled|Status",
        "200|{\"id\":7,\"state\":\"filled\"}|NotOpen|Status",
        "200|{\"id\":\"7\",\"state\":\"open\"}|Ambiguous|Status",
        "200|{\"id\":\"8\",\"state\":\"gone\"}|Ambiguous|Ambiguous",
        "404|{\"error\":\"no such order\"}|UnknownOrder|UnknownOrder",
        "404|<html>|Ambiguous|Ambiguous",
        "401||Unauthorized|Unauthorized",
        "429||RetryLater|RetryLater",
      })
  void shouldBeFoundByServiceLoaderAndWork(
      int code, String body, String onCancel, String onStatus) {
    try (TestServer server = new TestServer();
        VenueAdapter cancels = adapter(server);
        VenueAdapter queries = adapter(server)) {
      server.always(TestServer.json(code, body == null ? "" : body));

      String canceled = kind(cancels.cancel(Requests.cancel("a", "7"), LONG).reply());
      String asked = kind(queries.status(Requests.cancel("a", "7"), LONG).reply());

      assertThat(canceled).isEqualTo(onCancel);
      assertThat(asked).isEqualTo(onStatus);
      assertThat(server.requests().getFirst().line()).isEqualTo("DELETE /orders/7 HTTP/1.1");
      assertThat(server.requests().getFirst().header("Authorization")).isEqualTo("Bearer t0ken");
    }
  }

  private static VenueAdapter adapter(TestServer server) {
    return Venues.create(
        "paper",
        VenueSettings.of(
            "paper-1",
            server.url(),
            Credentials.of(Map.of("token", "t0ken")),
            Map.of(),
            Clock.systemUTC()));
  }

  private static String kind(Object reply) {
    return reply.getClass().getSimpleName();
  }

  @Test
  void shouldBeTheExampleOfTheGuideInUnder100Lines() throws IOException {
    String guide = Files.readString(Path.of("../../docs/venues/adding-a-venue.md"));
    String source =
        Files.readString(Path.of("src/test/java/io/countermand/venues/example/PaperProvider.java"));

    assertThat(guide).contains("```java\n" + source + "```");
    assertThat(source.lines().count()).isLessThan(100);
  }
}
