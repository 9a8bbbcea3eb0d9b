package io.countermand.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.countermand.venues.Venues;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProblemsTest {

  private static final String SECRET = "t0ps3cret";

  private static final String ADAPTERS = String.join(", ", Venues.providers().keySet());

  @TempDir private Path directory;

  @Test
  void shouldTellEverythingAtOnce() throws IOException {
    // When
    List<String> problems =
        problems(
            """
            desk:
              threds: 2
              threads: many
              commit-every: 2h
            intents:
              default-deadline: 10
            topics: 12
            kafka:
              bootstrap-servers: [a:1, b:2]
            ledger:
              standbys: both
            venues:
              UPPER:
                adapter: crosstrade
              none: {}
              other:
                adapter: nyse
              ct:
                adapter: crosstrade
                base-url: https://user:t0ps3cret@host/
                rate: fast
                timeout: 9s
                answer-timeout: 9s
                first-backoff: 10s
                options: {colour: red}
            """,
            Map.of());

    // Then
    assertThat(problems)
        .containsExactlyInAnyOrder(
            "desk.threads (c.yaml:3): found 'many'; allowed: a whole number from 1 to 1000",
            "desk.commit-every (c.yaml:4): found '2h'; allowed: a time from 1ms to 1m, such as"
                + " 250ms, 10s, 5m, 24h or 30d",
            "intents.default-deadline (c.yaml:6): found '10'; allowed: a time from 1ms to 365d,"
                + " such as 250ms, 10s, 5m, 24h or 30d",
            "kafka.bootstrap-servers (c.yaml:9): found a list; allowed: host:port, several"
                + " separated by commas",
            "ledger.standbys (c.yaml:11): found 'both'; allowed: a whole number from 0 to 100",
            "venues.UPPER (c.yaml:13): no name for a venue; allowed: 1 to 100 of lower-case"
                + " letters, digits and '-'",
            "venues.none.adapter (c.yaml:15): missing; allowed: one of " + ADAPTERS,
            "venues.other.adapter (c.yaml:17): found 'nyse'; allowed: one of " + ADAPTERS,
            "venues.ct.base-url (c.yaml:20): found '***@host/'; allowed: like"
                + " https://host/path, without user, query or fragment",
            "venues.ct.credentials (c.yaml:18): missing; needed: token, each with env or file",
            "venues.ct.rate (c.yaml:21): found 'fast'; allowed: calls per s, m, h or d, such as"
                + " 3/s or 100/m",
            "venues.ct.answer-timeout (c.yaml:23): not longer than a call may take; allowed: more"
                + " than the timeout, 9s",
            "venues.ct.longest-backoff (c.yaml:18): shorter than the first backoff; allowed: at"
                + " least 10s",
            "desk.threds (c.yaml:2): no such key; did you mean desk.threads?",
            "topics (c.yaml:7): one value for a section; its keys are partitions, replication",
            "venues.ct.options.colour (c.yaml:25): no such option; crosstrade has orders-path,"
                + " check-accounts, bulk-cancels");
  }

  @ParameterizedTest
  @CsvSource({
    "threads: 2,desk.threads",
    "desks: {threads: 2},desk.threads",
    "kafka: {bootstrap.servers: 'a:1'},kafka.bootstrap-servers",
    "ledger: {answergrace: 1s},ledger.answer-grace"
  })
  void shouldSuggestTheNearestKey(String yaml, String suggestion) throws IOException {
    assertThat(problems(yaml, Map.of()))
        .singleElement()
        .asString()
        .endsWith("no such key; did you mean " + suggestion + "?");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "colours: red|colours (c.yaml:1): no such key; there are console, desk, door, http, instance, intents, kafka,"
            + " ledger, registry, simulator, state-dir, topics, tracing, venues",
        "colours: {}|colours (c.yaml:1): no such key; there are console, desk, door, http, instance, intents, kafka,"
            + " ledger, registry, simulator, state-dir, topics, tracing, venues",
        "desk: {threads: {a: 1}}|desk.threads.a (c.yaml:1): no such key; desk.threads takes one"
            + " value, no keys",
        "desk: {threads: 1, threads: 2}|desk.threads (c.yaml:1): given twice, first at c.yaml:1;"
            + " give it once",
        "ledger: {application-id: countermand-desk}|ledger.application-id (c.yaml:1): the same as"
            + " the desk's; give each an application-id",
        "kafka: {properties: {acks: 0}}|kafka.properties.acks (c.yaml:1): Countermand sets this"
            + " itself; leave it out",
        "simulator: {latency: 5ms}|simulator.latency (c.yaml:1): found '5ms'; allowed: 'fixed"
            + " 5ms', 'uniform 1ms 20ms' or 'lognormal 5ms 0.5' (median, sigma to 3)",
        "simulator: {venues: {a: }}|simulator.venues.a.adapter (c.yaml:1): missing; one of"
            + " crosstrade, crosstrade-ws, crosstrade-webhook, cadenza, neuratrade, tradovate",
        "door: {tokens: none}|door.tokens (c.yaml:1): none, and no door.oidc.issuer; set one of them, or both",
        "door: {oidc: {issuer: 'https://i.example'}}|door.oidc.audience (c.yaml:1): none, and an issuer is set; name"
            + " what the issuer writes into `aud` of tokens for this door",
        "door: {oidc: {issuer: 'http://i.example', audience: d}}|door.oidc.issuer (c.yaml:1): found 'http://i.example';"
            + " allowed: an https URL without user, query and fragment, as https://login.example/realms/desk (http:"
            + " this machine's only), or none",
        "console: {actions: true}|console.actions (c.yaml:1): true, and nobody signs in; set console.users or"
            + " console.oidc, or actions to false",
        "console: {oidc: {issuer: 'https://i.example'}}|console.oidc.client-id (c.yaml:1): none, and an issuer is set;"
            + " name what the issuer calls it",
        "console: {oidc: {scopes: profile}}|console.oidc.scopes (c.yaml:1): found 'profile'; allowed: words with spaces"
            + " between, openid the first",
        "console: {oidc: {names: 'oidc:alice'}}|console.oidc.names (c.yaml:1): found 'oidc:alice'; allowed: names with"
            + " spaces between, or any",
        "just text|c.yaml:1: holds one value; keys such as 'desk:'",
        "[a, b]|c.yaml:1: holds a list; keys such as 'desk:'"
      })
  void shouldSayWhatToDo(String yaml, String problem) throws IOException {
    assertThat(problems(yaml, Map.of())).containsExactly(problem);
  }

  @Test
  void shouldNotShowWhatMayBeASecretOfTheRegistryInTheWrongPlace() throws IOException {
    // Given
    Path file = Files.writeString(directory.resolve("s"), "login=\nother=t0ps3cret\n");
    String key = "registry.properties.basic.auth.user.info";
    // When, then
    for (String place : List.of("/no/t0ps3cret:login", file + ":t0ps3cret", file + ":login")) {
      assertThat(problems(key + ": ${file:" + place + "}", Map.of()))
          .singleElement()
          .asString()
          .startsWith(key + " (c.yaml:1)")
          .doesNotContain(SECRET);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "token: t0ps3cret",
        "token: [t0ps3cret]",
        "token: {env: t0ps3cret}",
        "token: {env: t0ps3cret-}",
        "token: {file: t0ps3cret}",
        "token: {file: a/t0ps3cret}",
        "token: {env: SET, file: t0ps3cret}",
        "token: {value: t0ps3cret}",
        "password: t0ps3cret",
        "token: {env: UNICODE}",
        "t0ps3cret"
      })
  void shouldShowNoSecret(String credentials) throws IOException {
    // When
    List<String> problems =
        problems(
            "venues: {ct: {adapter: crosstrade, credentials: {" + credentials + "}}}",
            Map.of("SET", SECRET, "UNICODE", SECRET + "ü", "COUNTERMAND_TOKEN", SECRET));

    // Then
    assertThat(problems).isNotEmpty();
    if (!credentials.equals(SECRET)) { // there it is a key
      assertThat(problems.toString()).contains("venues.ct.credentials").doesNotContain(SECRET);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "registry.url: http://u:a/t0ps3cret,b@host",
        "registry.url: http://host/?key=t0ps3cret",
        "kafka.bootstrap-servers: u:t0ps3cret@host:1",
        "venues: {ct: {adapter: crosstrade, base-url: 'https://h?token=t0ps3cret'}}",
        "venues: {ct: {adapter: crosstrade, credentials: t0ps3cret}}",
        "kafka: {properties: t0ps3cret}"
      })
  void shouldShowNoSecretInOtherPlaces(String yaml) throws IOException {
    assertThat(problems(yaml, Map.of()).toString()).isNotEqualTo("[]").doesNotContain(SECRET);
  }

  @Test
  void shouldNameThePlaceOfAMissingSecret() throws IOException {
    assertThat(
            problems(
                "venues: {ct: {adapter: crosstrade, credentials: {token: {env: CT_TOKEN}}}}",
                Map.of()))
        .containsExactly(
            "venues.ct.credentials.token.env (c.yaml:1): the environment variable CT_TOKEN is not"
                + " set; set it to the secret, or name another");
  }

  @Test
  void shouldRefuseSecretsOfClientsInTheFile() throws IOException {
    assertThat(
            problems(
                """
                kafka.properties.sasl.jaas.config: t0ps3cret
                kafka.properties.ssl.keystore.password: ${file:/run/kafka:password}
                kafka.properties.sasl.oauthbearer.assertion.private.key.passphrase: t0ps3cret
                registry.properties.basic.auth.user.info: u:t0ps3cret
                """,
                Map.of()))
        .containsExactly(
            "kafka.properties.sasl.jaas.config (c.yaml:1): found a secret (not shown); set"
                + " COUNTERMAND_KAFKA_PROPERTIES_SASL_JAAS_CONFIG instead",
            "kafka.properties.sasl.oauthbearer.assertion.private.key.passphrase (c.yaml:3): found a"
                + " secret (not shown); set"
                + " COUNTERMAND_KAFKA_PROPERTIES_SASL_OAUTHBEARER_ASSERTION_PRIVATE_KEY_PASSPHRASE"
                + " instead",
            "registry.properties.basic.auth.user.info (c.yaml:4): found a secret (not shown); set"
                + " COUNTERMAND_REGISTRY_PROPERTIES_BASIC_AUTH_USER_INFO instead");
  }

  /** OAUTHBEARER's needs no password; with any option it may have one. */
  @Test
  void shouldAllowALoginModuleWithoutOptionsInTheFile() throws IOException {
    String module =
        "kafka.properties.sasl.jaas.config: org.example.OAuthBearerLoginModule required";
    assertThat(problems(module + ";\nnonsense: 1", Map.of()))
        .noneMatch(each -> each.contains("jaas"));
    assertThat(problems(module + " key=t0ps3cret;", Map.of()))
        .anyMatch(each -> each.contains("found a secret (not shown)"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "desk:\n\tthreads: 1",
        "desk: {threads: 1",
        "a: *t0ps3cret",
        "a: &x {b: *x}",
        "desk: {[a]: 1}",
        "a: !t0ps3cret!x 1",
        "a: 1\n---\nb: 2",
        "a: \u0007"
      })
  void shouldTellOfBadYamlOnOneLine(String yaml) throws IOException {
    assertThat(problems(yaml, Map.of()))
        .isNotEmpty()
        .allSatisfy(problem -> assertThat(problem).contains("c.yaml").doesNotContain("\n", SECRET));
  }

  @Test
  void shouldTellOfAFileThatCannotBeRead() throws IOException {
    // Given
    Path latin = directory.resolve("latin.yaml");
    Files.write(latin, "instance: ü".getBytes(StandardCharsets.ISO_8859_1));

    // When / Then
    assertThat(load(latin, Map.of()))
        .containsExactly("latin.yaml: is not UTF-8 text; give a readable YAML file with --config");
    assertThat(load(directory.resolve("none.yaml"), Map.of()))
        .containsExactly(
            "none.yaml: there is no such file; give a readable YAML file with --config");
    assertThat(load(directory, Map.of())).singleElement().asString().contains("cannot be read");
  }

  @Test
  void shouldRefuseArgumentsThatAreNoKeys() {
    // When
    ConfigException thrown =
        catchThrowableOfType(
            ConfigException.class,
            () ->
                Config.load(
                    Optional.empty(), Map.of(), Map.of("topics.partition", "1"), venue -> true));

    // Then
    assertThat(thrown.problems())
        .containsExactly(
            new ConfigProblem(
                "topics.partition",
                "no such key",
                "did you mean topics.partitions?",
                "command line"));
  }

  private List<String> problems(String yaml, Map<String, String> environment) throws IOException {
    return load(Files.writeString(directory.resolve("c.yaml"), yaml), environment);
  }

  private List<String> load(Path file, Map<String, String> environment) {
    ConfigException thrown =
        catchThrowableOfType(
            ConfigException.class, () -> Config.load(Optional.of(file), environment));
    assertThat(thrown).isNotNull();
    return thrown.problems().stream()
        .map(problem -> problem.toString().replace(directory + "/", ""))
        .toList();
  }
}
