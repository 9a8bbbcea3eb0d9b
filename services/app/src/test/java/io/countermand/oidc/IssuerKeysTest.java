package io.countermand.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

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

  /** Which of the two depends on whether the issuer was asked after it came. */
  private void shouldNotFind(String kid) {
    assertThatThrownBy(() -> keys.find(kid, Signing.RS256))
        .isInstanceOfAny(InvalidToken.class, IssuerException.class);
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
    PublicJsonWebKey fresh = issuer.another("fresh");
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
    issuer.keys(issuer.another("fresh"));
    // When
    keys.refreshWhenDue();
    shouldFind(leaked); // not asked again so soon
    pass(IssuerKeys.EVERY);
    keys.refreshWhenDue();
    // Then
    assertThatThrownBy(() -> shouldFind(leaked))
        .as("it may be back since the door asked")
        .isInstanceOf(IssuerException.class);
    pass(IssuerKeys.LEAST);
    assertThatThrownBy(() -> shouldFind(leaked)).isInstanceOf(InvalidToken.class);
  }

  /** A token that is good as far as anybody can know must not be thrown away by its bearer. */
  @Test
  void shouldNotSayThatAKeyIsNoneBeforeItHasAskedForIt() throws Exception {
    // Given
    PublicJsonWebKey old = issuer.key();
    shouldFind(old);
    PublicJsonWebKey fresh = issuer.another("fresh");
    issuer.keys(old, fresh);
    // When, then
    assertThatThrownBy(() -> shouldFind(fresh))
        .isInstanceOf(IssuerException.class)
        .hasMessageContaining(issuer.name());
    shouldFind(old);
    pass(IssuerKeys.LEAST);
    shouldFind(fresh);
    pass(IssuerKeys.LEAST);
    assertThatThrownBy(() -> keys.find("nobody's", Signing.RS256))
        .as("asked after it came")
        .isInstanceOf(InvalidToken.class);
    assertThat(issuer.asked()).isEqualTo(3);
  }

  @Test
  void shouldNotHammerTheIssuerHoweverManyKeysNobodyHas() throws Exception {
    shouldFind(issuer.key());
    // When
    for (int i = 0; i < 1_000; i++) {
      String kid = "guess-" + i;
      shouldNotFind(kid);
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
        waiting.add(each.submit(() -> shouldNotFind(kid)));
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
    pass(IssuerKeys.LEAST);
    assertThatThrownBy(() -> shouldFind(issuer.key()))
        .as("it shows none any more")
        .isInstanceOf(IssuerException.class)
        .hasMessageContaining("no key");
  }

  @Test
  void shouldNotBeReadyWithoutAKeyAndSayItInTheLog() throws Exception {
    // Given
    var heard = new ListAppender<ILoggingEvent>();
    heard.start();
    Logger log = (Logger) LoggerFactory.getLogger(IssuerKeys.class);
    log.addAppender(heard);
    log.setLevel(Level.INFO);
    try {
      PublicJsonWebKey key = issuer.key();
      shouldFind(key);
      // When
      issuer.keys(key, issuer.another("second"));
      pass(IssuerKeys.EVERY);
      keys.refreshWhenDue();
      issuer.keySet(new TestIssuer.Said(200, "{\"keys\":[{\"kty\":\"RSA\"}]}"));
      for (int i = 0; i < 2; i++) {
        pass(IssuerKeys.EVERY);
        keys.refreshWhenDue();
      }
      // Then
      assertThat(keys.usable()).isFalse();
      issuer.keySet(null);
      pass(IssuerKeys.LEAST); // not only after ten minutes
      keys.refreshWhenDue();
      assertThat(keys.usable()).isTrue();
      List<String> told =
          heard.list.stream()
              .filter(event -> event.getKeyValuePairs().toString().contains(issuer.name()))
              .map(event -> event.getLevel() + " " + event.getKeyValuePairs().getLast().value)
              .toList();
      assertThat(told).containsExactly("INFO 1", "INFO 2", "WARN 0", "INFO 2");
    } finally {
      log.setLevel(null);
      log.detachAppender(heard);
    }
  }

  @Test
  void shouldUseNoShortRsaKey() throws Exception {
    // Given
    PublicJsonWebKey small = RsaJwkGenerator.generateJwk(1024);
    small.setKeyId("small");
    // When
    KeySet read = KeySet.parse(new JsonWebKeySet(small, issuer.key()).toJson());
    // Then
    assertThat(read.size()).isEqualTo(1);
    assertThat(read.fitting("small", Signing.RS256)).isEmpty();
    assertThat(read.fitting("first", Signing.RS256)).hasSize(1);
  }

  @Test
  void shouldTakeAKeyThatIsShownTwiceButNotOneOfTwoThatFit() throws Exception {
    // Given
    PublicJsonWebKey key = issuer.key();
    issuer.keys(key, key);
    // When, then
    shouldFind(key);
    issuer.keys(key, issuer.another("first"));
    pass(IssuerKeys.EVERY);
    keys.refreshWhenDue();
    assertThatThrownBy(() -> shouldFind(key))
        .isInstanceOf(InvalidToken.class)
        .hasMessageContaining("several keys");
    issuer.keys(key, issuer.another("second"));
    pass(IssuerKeys.LEAST);
    shouldFind(key);
    assertThatThrownBy(() -> keys.find(null, Signing.RS256))
        .isInstanceOf(InvalidToken.class)
        .hasMessageContaining("several keys");
  }

  @Test
  void shouldHoldOnlyOneWhoAsksWhileTheIssuerSaysNothing() throws Exception {
    // Given: it says nothing before all others have been told so
    var said = new CountDownLatch(1);
    var asked = new AtomicInteger();
    IssuerKeys.Source mute =
        () -> {
          asked.incrementAndGet();
          said.await();
          throw new IssuerException("it has said nothing", null);
        };
    List<Future<?>> waiting = new ArrayList<>();
    try (var none = new IssuerKeys(issuer.name(), mute, KEEP, nanos::get);
        var each = Executors.newVirtualThreadPerTaskExecutor()) {
      try {
        // When
        for (int i = 0; i < 20; i++) {
          waiting.add(
              each.submit(
                  () ->
                      assertThatThrownBy(() -> none.find("first", Signing.RS256))
                          .isInstanceOf(IssuerException.class)));
        }
        // Then
        Awaitility.await("all but one are told")
            .atMost(Duration.ofSeconds(60))
            .until(() -> waiting.stream().filter(Future::isDone).count() == 19);
      } finally {
        said.countDown();
      }
      for (Future<?> one : waiting) {
        one.get();
      }
    }
    assertThat(asked).hasValue(1);
  }

  @Test
  void shouldGiveUpAnIssuerThatSaysNothing() throws Exception {
    // Given: it takes connections, and never answers
    try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String name = "http://127.0.0.1:" + silent.getLocalPort() + "/realm";
      var settings =
          new OidcSettings(name, TestIssuer.AUDIENCE, "verbs", "accounts", "sub", KEEP, KEEP, null);
      try (var mute = new Issuer(settings)) {
        // When, then
        assertThatThrownBy(mute::keys).isInstanceOf(IssuerException.class);
      }
    }
  }

  @Test
  void shouldAskOnThoughAnErrorCameOfIt() {
    // Given
    var asked = new AtomicInteger();
    IssuerKeys.Source source =
        () -> {
          if (asked.incrementAndGet() == 1) {
            throw new StackOverflowError("of a key set that is too deep");
          }
          return asks.keys();
        };
    try (var failing =
        new IssuerKeys(
            issuer.name(), source, KEEP, () -> nanos.addAndGet(IssuerKeys.LEAST.toNanos()))) {
      // When
      failing.start();
      // Then
      Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> asked.get() > 1);
      Awaitility.await().atMost(Duration.ofSeconds(60)).until(failing::usable);
    }
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
