package io.countermand.app.rights;

import static io.countermand.app.rights.LockedPipeline.VENUE;
import static io.countermand.app.rights.LockedPipeline.user;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.config.Config;
import io.countermand.app.config.Settings;
import io.countermand.app.pipeline.Pipeline;
import io.countermand.client.CancelClient;
import io.countermand.desk.Desk;
import io.countermand.domain.order.OrderRef;
import io.countermand.events.CancelOutcome;
import io.countermand.events.CancelResult;
import io.countermand.events.OrderKey;
import io.countermand.ledger.Ledger;
import io.countermand.oidc.TestIssuer;
import io.countermand.platform.Topics;
import io.countermand.simulator.book.NewOrder;
import io.countermand.venues.limits.Limits;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.awaitility.Awaitility;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwt.JwtClaims;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Users who come to Kafka with a token of an issuer (OAUTHBEARER), by Kafka's own classes at both
 * ends, with the settings of docs/security.md.
 */
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TokenLocksTest {

  private static final String ALLOWED = "org.apache.kafka.sasl.oauthbearer.allowed.urls";
  private static final String AUDIENCE = "kafka";
  private static final String OF_CLIENTS = "listener.name.clients.";
  private static final String EXPECTED_AUDIENCE = OF_CLIENTS + "sasl.oauthbearer.expected.audience";
  private static final String EXPECTED_ISSUER = OF_CLIENTS + "sasl.oauthbearer.expected.issuer";
  private static final String VALIDATOR =
      OF_CLIENTS + "oauthbearer.sasl.server.callback.handler.class";

  /** Something that is refused, and what alone refuses it. */
  private enum Deed {
    ENDED,
    FOR_ANOTHER,
    OF_ANOTHER_ISSUER,
    UNSIGNED,
    BY_ANOTHER_KEY
  }

  private final Map<String, String> broker = new ConcurrentHashMap<>();
  private Path data;
  private TestIssuer issuer;
  private PublicJsonWebKey right;
  private PublicJsonWebKey another;
  private TokenEndpoint endpoint;
  private LockedPipeline pipeline;

  @BeforeAll
  void start(@TempDir Path dir) throws Exception {
    data = dir;
    issuer = TestIssuer.open();
    right = issuer.key();
    another = TestIssuer.rsa("another");
    endpoint = TokenEndpoint.open(client -> issuer.sign(claims(client)));
    // Given in docs/security.md to brokers and clients by KAFKA_OPTS and COUNTERMAND_JAVA_OPTS.
    System.setProperty(ALLOWED, issuer.name() + "/keys," + endpoint.url());
    locked();
    pipeline = new LockedPipeline(dir, broker);
  }

  @AfterAll
  void stop() {
    System.clearProperty(ALLOWED);
    if (pipeline != null) {
      pipeline.close();
    }
    endpoint.close();
    issuer.close();
  }

  /** What docs/security.md says of brokers. */
  private void locked() {
    broker.clear();
    broker.put(OF_CLIENTS + "sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-512,OAUTHBEARER");
    broker.put(
        OF_CLIENTS + "oauthbearer.sasl.jaas.config",
        "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required;");
    broker.put(
        VALIDATOR,
        "org.apache.kafka.common.security.oauthbearer.OAuthBearerValidatorCallbackHandler");
    broker.put(OF_CLIENTS + "sasl.oauthbearer.jwks.endpoint.url", issuer.name() + "/keys");
    broker.put(EXPECTED_ISSUER, issuer.name());
    broker.put(EXPECTED_AUDIENCE, AUDIENCE);
    broker.put(OF_CLIENTS + "oauthbearer.connections.max.reauth.ms", "3600000");
    issuer.keys(right);
  }

  private void unlocked(Deed deed) {
    locked();
    switch (deed) {
      // With more clock skew it is taken, and its connection ends at once: nothing to take away.
      case ENDED -> throw new IllegalArgumentException(deed.name());
      // Without any, Kafka's library takes no token that names an audience.
      case FOR_ANOTHER -> broker.put(EXPECTED_AUDIENCE, AUDIENCE + "," + TestIssuer.AUDIENCE);
      case OF_ANOTHER_ISSUER -> broker.remove(EXPECTED_ISSUER);
      // Then Kafka's default looks at tokens, which wants them unsigned.
      case UNSIGNED -> broker.remove(VALIDATOR);
      case BY_ANOTHER_KEY -> issuer.keys(right, another);
    }
  }

  private JwtClaims claims(String client) {
    JwtClaims claims = issuer.claims(client, "", "");
    claims.setAudience(AUDIENCE);
    return claims;
  }

  private String token(Deed deed, String client) throws Exception {
    JwtClaims claims = claims(client);
    return switch (deed) {
      case ENDED -> {
        TestIssuer.ends(claims, Duration.ofMinutes(-10));
        yield issuer.sign(claims);
      }
      case FOR_ANOTHER -> {
        claims.setAudience(TestIssuer.AUDIENCE);
        yield issuer.sign(claims);
      }
      case OF_ANOTHER_ISSUER -> {
        claims.setIssuer("https://another.example");
        yield issuer.sign(claims);
      }
      case UNSIGNED -> base64("{\"alg\":\"none\"}") + "." + base64(claims.toJson()) + ".";
      case BY_ANOTHER_KEY -> TestIssuer.sign(claims.toJson(), another, "RS256", _ -> {});
    };
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
  }

  @Test
  void shouldLetRolesDoTheirWorkWithTokens() throws Exception {
    // Given
    locked(); // another test may have unlocked something
    pipeline.restartBroker();
    Clock clock = Clock.systemUTC();
    try (Ledger ledger =
            Ledger.start(Settings.ledger(config(Role.LEDGER)), new SimpleMeterRegistry());
        Desk desk =
            Desk.start(
                Settings.desk(config(Role.DESK), Set.of(), new Limits(clock), clock),
                new SimpleMeterRegistry())) {
      Awaitility.await("roles")
          .atMost(Duration.ofSeconds(60))
          .until(() -> desk.ready() && ledger.role().ready());
      OrderRef order = new OrderRef(VENUE, "Sim101", Pipeline.orderId(VENUE));
      pipeline.simulator().book().place(NewOrder.of(VENUE, "Sim101", order.orderId(), "10"));
      var client = Settings.client(config(Role.PRODUCER));
      // When
      try (CancelClient producer = CancelClient.connect(client)) {
        CancelOutcome outcome =
            producer
                .cancel(OrderKey.of(VENUE, "Sim101", order.orderId()))
                .within(Duration.ofSeconds(60))
                .send()
                .get(90, TimeUnit.SECONDS);
        // Then
        assertThat(outcome.getResult()).isEqualTo(CancelResult.CANCELED);
      }
    }
    // and no more than that role's: by the name in the token
    assertThat(ends(user(Role.PRODUCER), issuer.sign(claims(user(Role.PRODUCER))), Topics.OUTCOMES))
        .isEmpty();
    assertThat(
            ends(
                user(Role.PRODUCER), issuer.sign(claims(user(Role.PRODUCER))), Topics.DEAD_LETTERS))
        .containsInstanceOf(TopicAuthorizationException.class);
  }

  @Test
  void shouldRefuseTokensThatAreNotGood() throws Exception {
    // Given
    locked();
    pipeline.restartBroker();
    // When, then: nothing goes but a good one, which differs from one that has ended in its time
    assertThat(accepted()).isEmpty();
    String client = user(Role.PRODUCER);
    assertThat(ends(client, issuer.sign(claims(client)), Topics.OUTCOMES)).isEmpty();
  }

  @Test
  void shouldTakeEachOnceItsLockIsGone() throws Exception {
    for (Deed each : EnumSet.complementOf(EnumSet.of(Deed.ENDED))) {
      // When: one lock less
      unlocked(each);
      pipeline.restartBroker();
      // Then: that deed goes, and no other
      assertThat(accepted()).as("without the lock of %s", each).containsExactly(each);
    }
  }

  private List<Deed> accepted() throws Exception {
    String client = user(Role.PRODUCER);
    return Stream.of(Deed.values())
        .filter(
            deed -> {
              try {
                Optional<Throwable> end = ends(client, token(deed, client), Topics.OUTCOMES);
                end.ifPresent(
                    failure -> assertThat(failure).isInstanceOf(SaslAuthenticationException.class));
                return end.isEmpty();
              } catch (Exception e) {
                throw new AssertionError(deed.name(), e);
              }
            })
        .toList();
  }

  /** How asking for a topic ends, with that token; empty: well. */
  private Optional<Throwable> ends(String client, String token, String topic) throws Exception {
    endpoint.gives(_ -> token);
    Properties settings = new Properties();
    settings.putAll(
        Map.of(
            "bootstrap.servers",
            pipeline.bootstrapServers(),
            "security.protocol",
            "SASL_SSL",
            "ssl.truststore.type",
            "PEM",
            "ssl.truststore.location",
            pipeline.authority().toString()));
    settings.putAll(sasl(client));
    settings.put("sasl.oauthbearer.client.credentials.client.secret", TokenEndpoint.secret(client));
    settings.put("sasl.oauthbearer.jwt.validator.class", UncheckedToken.class.getName());
    try (Admin admin = Admin.create(settings)) {
      admin.describeTopics(List.of(topic)).allTopicNames().get(30, TimeUnit.SECONDS);
      return Optional.empty();
    } catch (ExecutionException e) {
      return Optional.of(e.getCause());
    } finally {
      endpoint.gives(each -> issuer.sign(claims(each)));
    }
  }

  /** What docs/security.md says of clients, without the secret. */
  private Map<String, String> sasl(String client) {
    Map<String, String> settings = new TreeMap<>();
    settings.put("sasl.mechanism", "OAUTHBEARER");
    settings.put(
        "sasl.jaas.config",
        "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required;");
    settings.put(
        "sasl.login.callback.handler.class",
        "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler");
    settings.put("sasl.oauthbearer.token.endpoint.url", endpoint.url());
    settings.put("sasl.oauthbearer.client.credentials.client.id", client);
    return settings;
  }

  private Config config(Role role) throws Exception {
    Path secret =
        Files.writeString(
            data.resolve(role.label() + "-token.properties"),
            "secret=" + TokenEndpoint.secret(user(role)) + "\n");
    var lines = new StringBuilder();
    sasl(user(role)).forEach((key, value) -> lines.append("%s: \"%s\"%n".formatted(key, value)));
    lines.append(
        "sasl.oauthbearer.client.credentials.client.secret: \"${file:%s:secret}\"%n"
            .formatted(secret));
    Path file = pipeline.file(user(role), lines.toString());
    return Config.load(Optional.of(file), Map.of());
  }
}
