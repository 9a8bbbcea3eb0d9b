package io.countermand.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.countermand.console.access.Access;
import io.countermand.oidc.TestIssuer;
import io.countermand.oidc.TestLogins;
import io.javalin.Javalin;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Somebody signs in at an issuer in a browser, which decides by itself what cookies it brings along
 * and what it says of where it comes from. The console is called localhost, and the issuer
 * 127.0.0.1, so each is another site to the other; no pipeline is behind.
 */
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OidcBrowserTest {

  private static final String PAGE = "/kill";

  private final HttpClient http = HttpClient.newHttpClient();
  private TestIssuer issuer;
  private TestLogins logins;
  private Access access;
  private Javalin server;
  private Chromium browser;
  private BrowserPerson person;

  @TempDir private static Path profile;

  @BeforeAll
  void open() throws Exception {
    assumeTrue(Chromium.here(), "no chromium here");
    issuer = TestIssuer.open();
    logins = TestLogins.at(issuer);
    access = OidcSignInTest.access(logins, null);
    server = OidcSignInTest.serve(access);
    Awaitility.await("the issuer is known")
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> new ConsoleVisitor(http, server.port()).get("/sign-in/oidc").statusCode() == 303);
    browser = Chromium.start(profile);
  }

  @BeforeEach
  void openTab() {
    logins.reset();
    person =
        new BrowserPerson(
            browser.open(
                "http://localhost:" + server.port(), Set.of(origin(issuer.name()), logins.base())),
            1280,
            _ -> "");
  }

  private static String origin(String url) {
    URI all = URI.create(url);
    return all.getScheme() + "://" + all.getAuthority();
  }

  @AfterEach
  void closeTab() {
    person.close();
  }

  @AfterAll
  void close() {
    if (browser != null) {
      browser.close();
      server.stop();
      access.close();
      logins.close();
      issuer.close();
    }
    http.close();
  }

  /** By the link of the page to sign in; until the page that she wanted is there. */
  private void signIn() {
    person.tab().open(PAGE);
    assertThat(person.path()).isEqualTo("/sign-in");
    person.tab().eval("document.querySelector('main a[href^=\"/sign-in/oidc\"]').focus()");
    person.tab().press("Enter");
    person
        .tab()
        .await("location.pathname === '" + PAGE + "' && document.querySelector('.visitor')");
  }

  @Test
  void shouldSignInAtTheIssuerAndComeBackToThePageThatWasAskedFor() throws IOException {
    // When
    signIn();
    // Then
    assertThat(person.text()).contains("alice").contains("operator");
    assertThat(person.tab().eval("document.cookie").asText())
        .as("no script sees the session")
        .isEmpty();
    // When
    person.signOut();
    person.look("sign-in-oidc");
    person.tab().open(PAGE);
    // Then
    assertThat(person.path()).isEqualTo("/sign-in");
    assertThat(person.wrong()).isEmpty();
  }

  @Test
  void shouldSayWhyTheIssuerLetsSomebodyInWhomWeDoNot() throws IOException {
    // Given
    logins.sign(
        claims -> {
          claims.unsetClaim("countermand_roles");
          return logins.signed(claims);
        });
    person.tab().open("/sign-in");
    person.tab().eval("document.querySelector('main a[href^=\"/sign-in/oidc\"]').focus()");
    // When
    person.tab().press("Enter");
    // Then
    person.tab().await("document.body?.innerText.includes('has no role here')");
    person.look("sign-in-refused");
    person.tab().open(PAGE);
    assertThat(person.path()).isEqualTo("/sign-in");
    person.expected("status of 403");
    assertThat(person.wrong()).isEmpty();
  }

  @Test
  void shouldSignNobodyOutByALinkOfAnotherSite() {
    // Given
    signIn();
    person.expected("/favicon.ico"); // of the other site
    person.tab().go(issuer.name() + "/keys");
    // When: that page leads her here
    String link = "http://localhost:" + server.port() + "/sign-in/oidc?to=%2Fvenues";
    person.tab().eval("setTimeout(() => location.href = '" + link + "'); true");
    person.tab().await("location.pathname === '/sign-in' && document.readyState === 'complete'");
    // Then: it is asked for once more by what our own page does, or not at all
    person.tab().open(PAGE);
    assertThat(person.path()).isEqualTo(PAGE);
    assertThat(person.text()).contains("alice");
    person.signOut();
    assertThat(person.wrong()).isEmpty();
  }
}
