package io.countermand.venues.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.venues.CallResult;
import io.countermand.venues.Credentials;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.VenueSettings;
import io.countermand.venues.Venues;
import io.countermand.venues.limits.VenueGovernor;
import io.countermand.venues.testing.Requests;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.channels.SocketChannel;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What never got as far as a connection was certainly not sent. */
@Timeout(150)
class ConnectTest {

  private static VenueAdapter adapter(URI url, Duration connectTimeout) {
    return Venues.create(
        "crosstrade",
        new VenueSettings(
            "ct",
            url,
            Credentials.of(Map.of("token", "t0ken")),
            Map.of(),
            connectTimeout,
            Clock.systemUTC(),
            new VenueGovernor("ct", Clock.systemUTC())));
  }

  /** A full accept queue leaves the handshake of TCP without an answer. */
  @ParameterizedTest
  @CsvSource({"300,20000", "20000,2000"})
  void shouldSayNotSentWhenConnectionIsNotMadeInTime(long connect, long whole) throws IOException {
    List<SocketChannel> queue = new ArrayList<>();
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      for (int i = 0; i < 8; i++) {
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.connect(new InetSocketAddress("127.0.0.1", server.getLocalPort()));
        queue.add(channel);
      }
      URI url = URI.create("http://127.0.0.1:" + server.getLocalPort());
      try (VenueAdapter adapter = adapter(url, Duration.ofMillis(connect))) {

        CallResult answer = adapter.cancel(Requests.cancel("a", "o"), Duration.ofMillis(whole));

        assertThat(answer.sent()).isFalse();
        assertThat(answer.reply())
            .isInstanceOfSatisfying(
                Reply.NotSent.class,
                r -> assertThat(r.reason()).isEqualTo(Reason.VENUE_UNAVAILABLE));
      }
    } finally {
      for (SocketChannel channel : queue) {
        channel.close();
      }
    }
  }

  @Test
  void shouldRefuseToStartWhereTheJdkWouldSendPostsAgain() {
    System.setProperty("jdk.httpclient.enableAllMethodRetry", "true");
    try {
      assertThatThrownBy(() -> adapter(URI.create("http://127.0.0.1:1"), Duration.ofSeconds(1)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("enableAllMethodRetry");
    } finally {
      System.clearProperty("jdk.httpclient.enableAllMethodRetry");
    }
  }
}
