package io.countermand.app.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.countermand.app.config.Config;
import io.countermand.app.config.Settings;
import io.countermand.platform.PlatformException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A registry that asks who calls. */
class SchemasCommandTest {

  private final List<String> told = new CopyOnWriteArrayList<>();
  private HttpServer registry;

  @BeforeEach
  void start() throws IOException {
    registry = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    registry.createContext(
        "/",
        exchange -> {
          try (exchange) {
            told.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            exchange.sendResponseHeaders(401, -1);
          }
        });
    registry.start();
  }

  @AfterEach
  void stop() {
    registry.stop(0);
  }

  @Test
  void shouldTellTheRegistryWhoCallsWhenItRegistersAndWhenItChecks() {
    // Given
    Config config =
        Config.load(
            Optional.empty(),
            Map.of(
                "COUNTERMAND_REGISTRY_URL",
                "http://127.0.0.1:" + registry.getAddress().getPort(),
                "COUNTERMAND_REGISTRY_PROPERTIES_BASIC_AUTH_CREDENTIALS_SOURCE",
                "USER_INFO",
                "COUNTERMAND_REGISTRY_PROPERTIES_BASIC_AUTH_USER_INFO",
                "admin:t0ps3cret"));
    var connection = Settings.connection(config);
    // When
    assertThatThrownBy(() -> SchemasCommand.register(connection, config))
        .isInstanceOf(PlatformException.class)
        .hasMessageNotContaining("t0ps3cret");
    int asked = told.size();
    assertThatThrownBy(() -> SchemasCommand.check(connection, config))
        .isInstanceOf(PlatformException.class)
        .hasMessageNotContaining("t0ps3cret");
    // Then
    String basic = "Basic " + Base64.getEncoder().encodeToString("admin:t0ps3cret".getBytes(UTF_8));
    assertThat(asked).isPositive();
    assertThat(told).hasSizeGreaterThan(asked).containsOnly(basic);
  }
}
