package io.countermand.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.countermand.console.access.Access;
import io.countermand.console.access.AccessSettings;
import io.countermand.console.access.IssuerUsers;
import io.countermand.oidc.ClientSettings;
import io.countermand.oidc.RealProvider;
import io.javalin.Javalin;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Somebody signs in at a certified provider. Skipped where npm cannot install it. */
@Tag("long")
class OidcProviderSignInTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int MOST_STEPS = 8;

  @Test
  void shouldLetInWhomARealProviderNames() throws Exception {
    String missing = RealProvider.missing();
    assumeTrue(missing.isEmpty(), "no real OpenID provider here: " + missing);
    // Given
    String secret = UUID.randomUUID() + "%+ :" + UUID.randomUUID();
    try (RealProvider provider = RealProvider.start(Map.of("ALG", "RS256", "SECRET", secret));
        Access access = access(provider.issuer(), secret);
        HttpClient http = HttpClient.newHttpClient()) {
      Javalin server = OidcSignInTest.serve(access);
      try {
        var visitor = new ConsoleVisitor(http, server.port());
        URI page =
            Awaitility.await("the provider is known")
                .atMost(PATIENCE)
                .until(
                    () -> location(visitor.get("/sign-in/oidc?to=%2Fkill")),
                    each -> !each.toString().isEmpty());
        // When
        URI back = throughThePages(page);
        assertThat(back.toString()).startsWith(visitor.origin() + "/sign-in/oidc/callback?");
        String at = back.getRawPath() + "?" + back.getRawQuery();
        assertThat(back.getRawQuery()).contains("&iss=");
        HttpResponse<String> answer = visitor.get(at);
        // Then
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(visitor.get("/kill").body()).contains("<strong>oidc:alice</strong> (operator)");
      } finally {
        server.stop();
      }
    }
  }

  private static Access access(String issuer, String secret) {
    return new Access(
        new AccessSettings(
            null,
            new IssuerUsers(
                new ClientSettings(
                    issuer,
                    "countermand-console",
                    secret,
                    "openid",
                    "countermand_roles",
                    "sub",
                    Duration.ofHours(1),
                    null),
                Set.of()),
            null,
            Duration.ofMinutes(30),
            Duration.ofHours(12)));
  }

  /** Empty: it leads nowhere. */
  private static URI location(HttpResponse<String> answer) {
    return URI.create(answer.headers().firstValue("Location").orElse(""));
  }

  /** As a browser goes, with the provider's cookies, until it is sent back. */
  private static URI throughThePages(URI first) throws Exception {
    try (HttpClient browser = HttpClient.newBuilder().cookieHandler(new CookieManager()).build()) {
      URI page = first;
      for (int i = 0; i < MOST_STEPS && !page.getPath().startsWith("/sign-in/"); i++) {
        HttpRequest request = HttpRequest.newBuilder(page).build();
        URI next = location(browser.send(request, BodyHandlers.ofString()));
        page = page.resolve(next);
      }
      return page;
    }
  }
}
