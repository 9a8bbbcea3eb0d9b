package io.countermand.door.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jose4j.jwk.PublicJsonWebKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Keys that change, an issuer that is away, and tokens that would have it asked all day. */
class IssuerKeysTest {

  private static final Duration KEEP = Duration.ofHours(24);

  private final AtomicLong nanos = new AtomicLong(-1);
  private TestIssuer issuer;
  private Issuer asks;
  private IssuerKeys keys;

  @BeforeEach
  void open() throws Exception {
    issuer = TestIssuer.open();
    asks = new Issuer(issuer.settings());
    keys = new IssuerKeys(issuer.name(), asks::keys, KEEP, nanos::get);
  }

  @AfterEach
  void close() {
    keys.close();
    asks.close();
    issuer.close();
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private void shouldFind(PublicJsonWebKey key) throws Exception {
    assertThat(keys.find(key.getKeyId(), Signing.RS256)).isEqualTo(key.getPublicKey());
  }

  @Test
  void shouldAskOnceForKeysThatItHas() throws Exception {
    for (int i = 0; i < 100; i++) {
      shouldFind(issuer.key());
    }
    assertThat(issuer.asked()).isEqualTo(1);
  }

  @Test
  void shouldTakeANewKeyAtOnce() throws Exception {
    // Given
    PublicJsonWebKey old = issuer.key();
    shouldFind(old);
    pass(IssuerKeys.LEAST);
    // When
    PublicJsonWebKey fresh = TestIssuer.rsa("fresh");
    issuer.keys(old, fresh);
    // Then
    shouldFind(fresh);
    shouldFind(old);
    assertThat(issuer.asked()).isEqualTo(2);
  }

  @Test
  void shouldLetAKeyGoThatTheIssuerTookBack() throws Exception {
    PublicJsonWebKey leaked = issuer.key();
    shouldFind(leaked);
    issuer.keys(TestIssuer.rsa("fresh"));
    // When
    keys.refreshWhenDue();
    shouldFind(leaked); // not asked again so soon
    pass(IssuerKeys.EVERY);
    keys.refreshWhenDue();
    // Then
    assertThatThrownBy(() -> shouldFind(leaked)).isInstanceOf(InvalidToken.class);
  }

  @Test
  void shouldNotHammerTheIssuerHoweverManyKeysNobodyHas() throws Exception {
    shouldFind(issuer.key());
    // When
    for (int i = 0; i < 1_000; i++) {
      String kid = "guess-" + i;
      assertThatThrownBy(() -> keys.find(kid, Signing.RS256)).isInstanceOf(InvalidToken.class);
      if (i % 100 == 0) {
        pass(IssuerKeys.LEAST.dividedBy(10));
      }
    }
    // Then
    assertThat(issuer.asked()).isEqualTo(2);
  }

  @Test
  void shouldAskOnceForAllWhoWait() throws Exception {
    // Given
    List<Future<?>> waiting = new ArrayList<>();
    // When
    try (var each = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 50; i++) {
        String kid = "guess-" + i;
        waiting.add(
            each.submit(
                () ->
                    assertThatThrownBy(() -> keys.find(kid, Signing.RS256))
                        .isInstanceOf(InvalidToken.class)));
      }
    }
    // Then
    for (Future<?> one : waiting) {
      one.get();
    }
    assertThat(issuer.asked()).isEqualTo(1);
  }

  @Test
  void shouldKeepKeysWhileTheIssuerIsAwayButNotForEver() throws Exception {
    // Given
    PublicJsonWebKey key = issuer.key();
    shouldFind(key);
    issuer.away();
    // When, then
    pass(KEEP);
    keys.refreshWhenDue();
    shouldFind(key);
    assertThatThrownBy(() -> keys.find("fresh", Signing.RS256))
        .as("nobody can know")
        .isInstanceOf(IssuerException.class);
    pass(Duration.ofSeconds(1));
    assertThat(keys.usable()).isFalse();
    assertThatThrownBy(() -> shouldFind(key))
        .isInstanceOf(IssuerException.class)
        .hasMessageContaining(issuer.name());
    // When
    issuer.back();
    pass(IssuerKeys.LEAST);
    // Then
    shouldFind(key);
  }

  @Test
  void shouldLeaveOutKeysThatItCannotUse() throws Exception {
    // Given
    String good = issuer.key().toJson();
    String odd = "{},{\"kty\":\"oct\",\"k\":\"AAAA\",\"kid\":\"first\"},{\"kty\":\"RSA\"}";
    issuer.keySet(new TestIssuer.Said(200, "{\"keys\":[" + odd + "," + good + "]}"));
    // When, then
    shouldFind(issuer.key());
    issuer.keySet(new TestIssuer.Said(200, "{\"keys\":[]}"));
    pass(IssuerKeys.EVERY);
    keys.refreshWhenDue();
    assertThatThrownBy(() -> shouldFind(issuer.key()))
        .as("it shows none any more")
        .isInstanceOf(InvalidToken.class);
  }

  @Test
  void shouldSayThatItNeverHadAny() {
    issuer.away();
    for (int i = 0; i < 3; i++) {
      assertThat(keys.usable()).isFalse();
      assertThatThrownBy(() -> shouldFind(issuer.key()))
          .isInstanceOf(IssuerException.class)
          .hasMessageContaining("is it running");
    }
  }

  /**
   * @param why what is said of it
   * @param discovery whether that, or else the set of keys
   */
  private record Wrong(String why, boolean discovery, int status, String body) {
    @Override
    public String toString() {
      return why + ": " + (discovery ? "discovery " : "keys ") + status;
    }
  }

  static Stream<Wrong> wrong() {
    String elsewhere = "{\"issuer\":\"ISSUER\",\"jwks_uri\":\"%s\"}";
    return Stream.of(
        new Wrong("of another issuer", true, 200, "{\"issuer\":\"https://other.example\"}"),
        new Wrong(
            "of another issuer",
            true,
            200,
            "{\"issuer\":\"ISSUER/\",\"jwks_uri\":\"ISSUER/keys\"}"),
        new Wrong("no jwks_uri", true, 200, elsewhere.formatted("http://keys.example/")),
        new Wrong("no jwks_uri", true, 200, elsewhere.formatted("file:/etc/passwd")),
        new Wrong("no jwks_uri", true, 200, elsewhere.formatted("")),
        new Wrong("no jwks_uri", true, 200, "{\"issuer\":\"ISSUER\"}"),
        new Wrong("no JSON object", true, 200, "<html>"),
        new Wrong("answered 404", true, 404, ""),
        new Wrong("answered 302", true, 302, ""),
        new Wrong("no JWK set", false, 200, "{}"),
        new Wrong("no JWK set", false, 200, "[]"),
        new Wrong("no JWK set", false, 200, "{\"keys\":7}"),
        new Wrong("no JWK set", false, 200, "{\"keys\":[7]}"),
        new Wrong("answered 500", false, 500, "{\"keys\":[]}"),
        new Wrong(
            "cannot be asked", false, 200, "{\"keys\":[],\"x\":\"" + "x".repeat(300_000) + "\"}"));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void shouldKeepWhatItHadWhenTheIssuerAnswersNonsense(Wrong wrong) throws Exception {
    // Given
    shouldFind(issuer.key());
    pass(IssuerKeys.EVERY);
    var said = new TestIssuer.Said(wrong.status(), wrong.body());
    issuer.discovery(wrong.discovery() ? said : null);
    issuer.keySet(wrong.discovery() ? null : said);
    // When
    keys.refreshWhenDue();
    // Then
    shouldFind(issuer.key());
    assertThatThrownBy(() -> keys.find("fresh", Signing.RS256))
        .isInstanceOf(IssuerException.class)
        .hasMessageContaining(wrong.why());
    assertThatThrownBy(asks::look).hasMessageContaining(wrong.why());
  }
}
