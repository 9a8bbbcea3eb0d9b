package io.countermand.venues.http.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.countermand.domain.Reply;
import io.countermand.venues.Credentials;
import io.countermand.venues.HttpSettings;
import io.countermand.venues.Secret;
import io.countermand.venues.VenueSettings;
import io.countermand.venues.Venues;
import io.countermand.venues.testing.Requests;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A venue behind an authority of its own that wants to see a certificate of ours. */
@Timeout(150)
class TlsContextTest {

  private static final Secret PASSWORD = Secret.of("s3cret-of-store");

  @TempDir private static Path directory;
  private static HttpsServer server;

  @BeforeAll
  static void start() throws Exception {
    for (String who : List.of("venue", "ours")) {
      keytool(
          who, "-genkeypair", "-keyalg", "EC", "-dname", "CN=" + who, "-ext", "SAN=ip:127.0.0.1");
      keytool(who, "-exportcert", "-rfc", "-file", file(who + ".pem").toString());
    }
    SSLContext context = TlsContext.of(file("ours.pem"), file("venue.p12"), PASSWORD);
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(
        new HttpsConfigurator(context) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters wanted = context.getDefaultSSLParameters();
            wanted.setNeedClientAuth(true);
            parameters.setSSLParameters(wanted);
          }
        });
    server.createContext(
        "/",
        exchange -> {
          byte[] body = "{\"orderId\":\"o-1\",\"success\":true}".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterAll
  static void stop() {
    server.stop(0);
  }

  private static Path file(String name) {
    return directory.resolve(name);
  }

  private static void keytool(String who, String... arguments) throws Exception {
    List<String> all = new ArrayList<>();
    all.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    all.addAll(List.of(arguments));
    all.addAll(List.of("-keystore", file(who + ".p12").toString(), "-storetype", "PKCS12"));
    all.addAll(List.of("-storepass", PASSWORD.reveal(), "-alias", who));
    Process process =
        new ProcessBuilder(all)
            .redirectErrorStream(true)
            .redirectOutput(file("log").toFile())
            .start();
    assertThat(process.waitFor()).as(() -> log()).isZero();
  }

  private static String log() {
    try {
      return Files.readString(file("log"));
    } catch (java.io.IOException e) {
      return "";
    }
  }

  private static Reply cancel(@Nullable SSLContext tls) {
    var settings =
        VenueSettings.of(
                "v",
                URI.create("https://127.0.0.1:" + server.getAddress().getPort()),
                Credentials.of(Map.of("token", "t0ken")),
                Map.of(),
                Clock.systemUTC())
            .with(new HttpSettings(null, null, Map.of(), false, tls));
    try (var venue = Venues.create("crosstrade", settings)) {
      return venue.cancel(Requests.cancel("Sim101", "o-1"), Duration.ofSeconds(20)).reply();
    }
  }

  @Test
  void shouldTrustTheVenuesAuthorityAndShowOurCertificate() {
    Reply reply = cancel(TlsContext.of(file("venue.pem"), file("ours.p12"), PASSWORD));

    assertThat(reply).isInstanceOf(Reply.Accepted.class);
  }

  @Test
  void shouldSendNothingToAServerThatNobodyVouchesFor() {
    assertThat(cancel(null)).isInstanceOf(Reply.NotSent.class);
  }

  @Test
  void shouldSayWhichFileIsNoGoodWithoutItsSecret() {
    assertThatThrownBy(() -> TlsContext.of(null, file("ours.p12"), Secret.of("wr0ng")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("ours.p12 cannot be read, or its password is wrong");
    assertThatThrownBy(() -> TlsContext.of(file("nowhere.pem"), null, null))
        .hasMessage("nowhere.pem cannot be read");
  }
}
