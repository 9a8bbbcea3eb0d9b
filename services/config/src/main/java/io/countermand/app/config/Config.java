// Over 300 lines: every setting, once; to be split when sections get packages of their own.
package io.countermand.app.config;

import io.countermand.domain.decision.VenueRules;
import io.countermand.venues.Credentials;
import io.countermand.venues.HttpSettings;
import io.countermand.venues.limits.Rate;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The configuration, checked. The keys are documented in {@link #sample}; secrets are in no {@code
 * toString}.
 *
 * @param instance tells this process from others of its role
 * @param stateDir stores of desk and ledger
 * @param venues by instance name
 */
public record Config(
    String instance,
    Path stateDir,
    Kafka kafka,
    Registry registry,
    Topics topics,
    Intents intents,
    Desk desk,
    Ledger ledger,
    SortedMap<String, Venue> venues,
    Simulator simulator,
    Http http,
    Door door,
    Console console,
    Tracing tracing) {

  /** With the credentials of all venues. */
  public static Config load(Optional<Path> file, Map<String, String> environment) {
    return load(file, environment, Map.of(), venue -> true);
  }

  /**
   * @param file empty: defaults, environment and command line only
   * @param environment names and values; those that begin with COUNTERMAND_ set keys
   * @param commandLine values by key, over all others; {@code venues.<name>.credentials.<name>} is
   *     the secret itself
   * @param called venues that this process calls: only their secrets are looked up, and missing
   *     ones are problems
   * @throws ConfigException with everything that is wrong
   */
  public static Config load(
      Optional<Path> file,
      Map<String, String> environment,
      Map<String, String> commandLine,
      Predicate<String> called) {
    return KeyBinder.load(file, environment, commandLine, called);
  }

  /** Names of the variables that set these keys, or keys below them; sorted. */
  public static List<String> variablesBelow(
      Collection<String> keys, Map<String, String> environment) {
    return environment.entrySet().stream()
        .filter(each -> EnvNames.isKey(each.getKey(), each.getValue()))
        .map(Map.Entry::getKey)
        .filter(each -> keys.stream().map(EnvNames::of).anyMatch(own -> within(each, own)))
        .sorted()
        .toList();
  }

  private static boolean within(String variable, String key) {
    return variable.equals(key) || variable.startsWith(key + "_");
  }

  /** A commented file with every key at its default. */
  public static String sample() {
    try (InputStream in = Config.class.getResourceAsStream("/countermand.sample.yaml")) {
      if (in == null) {
        throw new IllegalStateException("countermand.sample.yaml is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @param properties for every client; may hold secrets
   */
  public record Kafka(String bootstrapServers, Map<String, String> properties) {
    @Override
    public String toString() {
      return "Kafka[" + bootstrapServers + ", " + properties.keySet() + "]";
    }
  }

  /**
   * @param properties for the registry's client; may hold secrets
   */
  public record Registry(String url, Map<String, String> properties) {
    @Override
    public String toString() {
      return "Registry[" + url + ", " + properties.keySet() + "]";
    }
  }

  /**
   * @param replication also of the internal topics
   */
  public record Topics(int partitions, short replication) {}

  /** Deadlines count from the broker's append time. */
  public record Intents(Duration defaultDeadline, Duration longestDeadline) {}

  /** What desk and ledger have in common. */
  public record Streams(String applicationId, int threads, int standbys, Duration commitEvery) {}

  /**
   * @param forgetTerminal counts from an order's last event, as {@code forgetIdle}
   * @param drain how long a stop waits for calls under way
   * @param mostWaiting cancels that may wait for one venue's rate in one process, those of mass
   *     cancels apart
   */
  public record Desk(
      Streams streams,
      Duration forgetTerminal,
      Duration forgetIdle,
      Duration drain,
      int mostWaiting) {}

  /**
   * @param answerGrace time after the deadline in which answers still count
   */
  public record Ledger(
      Streams streams, Duration answerGrace, Duration rememberOrder, Duration rememberSettled) {}

  /**
   * One venue instance.
   *
   * @param credentials empty for a venue that this process does not call
   * @param user whose credentials they are, if said; null: see {@link Users}
   * @param rate of the credential, all desks together
   * @param concurrency calls in flight per desk
   * @param timeout for one whole call
   * @param pollEvery between two calls of a feed that asks for lists; null: not said
   * @param connectTimeout after which nothing was sent and the call is given up
   * @param keepConnection after so long without a call a probe keeps the connection open
   */
  public record Venue(
      String name,
      String adapter,
      URI baseUrl,
      Credentials credentials,
      @Nullable String user,
      Map<String, String> options,
      Rate rate,
      int concurrency,
      Duration timeout,
      @Nullable Duration pollEvery,
      Duration keepConnection,
      VenueRules rules,
      Duration connectTimeout,
      HttpSettings http) {}

  /**
   * @param host address to listen on
   * @param port 0: a free one
   * @param doubts whether venues behave in one of the plausible ways where nobody says how they do
   * @param journal null: in memory only
   * @param venues adapter by instance name
   */
  public record Simulator(
      String host,
      int port,
      SimulatedLatency latency,
      long seed,
      boolean doubts,
      @Nullable Path journal,
      Map<String, String> venues) {}

  /** How long simulated venues take; nothing here knows them. */
  public sealed interface SimulatedLatency {

    /** Always as long. */
    record Fixed(Duration each) implements SimulatedLatency {}

    /** Anything between two, each as likely; the second not less than the first. */
    record Uniform(Duration from, Duration to) implements SimulatedLatency {
      public Uniform {
        if (from.isNegative() || to.compareTo(from) < 0) {
          throw new IllegalArgumentException("latency from " + from + " to " + to);
        }
      }
    }

    /**
     * @param sigma of the logarithm
     */
    record LogNormal(Duration median, double sigma) implements SimulatedLatency {}
  }

  /**
   * Health and metrics of a role's process.
   *
   * @param port 0: a free one; null: not served
   */
  public record Http(String host, @Nullable Integer port) {}

  /**
   * Cancels by HTTP.
   *
   * @param port 0: a free one
   * @param tokens who may call
   * @param tlsKeystore PKCS12; null: plain HTTP
   * @param tlsPasswordFile null: the keystore has an empty password
   * @param perSecond requests of one token's name
   */
  public record Door(
      String host,
      int port,
      @Nullable Path tokens,
      @Nullable Oidc oidc,
      @Nullable Path tlsKeystore,
      @Nullable Path tlsPasswordFile,
      int perSecond,
      int keepOutcomes,
      int keepOrders,
      int openCancels,
      int streams) {}

  /**
   * Where spans of sampled traces are exported to.
   *
   * @param endpoint null: they are not
   * @param headersFile lines of NAME=VALUE, perhaps secrets; null: none
   * @param authorities certificates in PEM, trusted instead of the JDK's; null: the JDK's
   * @param timeout of one export
   * @param mostWaiting spans that may wait for it
   */
  public record Tracing(
      @Nullable URI endpoint,
      @Nullable Path headersFile,
      @Nullable Path authorities,
      Duration timeout,
      int mostWaiting) {}

  /**
   * Whose signed tokens the door takes.
   *
   * @param issuer as it is written
   * @param keepKeys its keys count so long after they were last had
   * @param longestLife tokens that end later than that from now do not hold
   * @param authorities PEM; null: the JDK's
   */
  public record Oidc(
      String issuer,
      String audience,
      String verbsClaim,
      String accountsClaim,
      String nameClaim,
      Duration keepKeys,
      Duration longestLife,
      @Nullable Path authorities) {}

  /**
   * Where people of the console sign in.
   *
   * @param issuer as it is written
   * @param clientSecretFile null: PKCE alone
   * @param scopes with spaces between
   * @param names who may; empty: each who has a role
   * @param keepKeys its keys count so long after they were last had
   * @param authorities PEM; null: the JDK's
   */
  public record ConsoleOidc(
      String issuer,
      String clientId,
      @Nullable Path clientSecretFile,
      String scopes,
      String rolesClaim,
      String nameClaim,
      Set<String> names,
      Duration keepKeys,
      @Nullable Path authorities) {}

  /**
   * Pages for people.
   *
   * @param users who signs in by a password; null: nobody
   * @param oidc where people sign in; null: nowhere. Without either nobody has to
   * @param origin what browsers call it beside this machine's own names; null: nothing else
   * @param sessionIdle a session ends so long after its last use
   * @param sessionLongest a session ends so long after it began
   * @param actions whether those who may can do something
   * @param secondPerson whether a mass cancel needs another person's word
   * @param confirmWithin it waits so long for it
   * @param lookBack how far back the topics are read at start
   * @param keepMegabytes of heap at the most, roughly
   * @param streams live views at once
   * @param reports the directory of reports of audits; null: none are shown
   */
  public record Console(
      String host,
      int port,
      @Nullable Path users,
      @Nullable ConsoleOidc oidc,
      @Nullable URI origin,
      Duration sessionIdle,
      Duration sessionLongest,
      boolean actions,
      boolean secondPerson,
      Duration confirmWithin,
      Duration lookBack,
      int keepCancels,
      int keepMegabytes,
      int keepOrders,
      int streams,
      @Nullable Path reports) {}
}
