// Over 300 lines: one method for each part of the program, all of one shape.
package io.countermand.app.config;

import io.countermand.app.config.Config.Streams;
import io.countermand.app.config.Config.Venue;
import io.countermand.console.ConsoleSettings;
import io.countermand.console.access.AccessSettings;
import io.countermand.console.access.IssuerUsers;
import io.countermand.desk.settings.DeskSettings;
import io.countermand.domain.IntentCheck;
import io.countermand.domain.decision.CallRules;
import io.countermand.domain.decision.DeskRules;
import io.countermand.domain.decision.VenueRules;
import io.countermand.domain.lifecycle.LedgerRules;
import io.countermand.door.DoorSettings;
import io.countermand.kafka.KafkaConnection;
import io.countermand.kafka.LoginFile;
import io.countermand.kafka.streams.StreamsSettings;
import io.countermand.ledger.LedgerSettings;
import io.countermand.observe.otlp.OtlpFiles;
import io.countermand.oidc.ClientSettings;
import io.countermand.oidc.OidcSettings;
import io.countermand.platform.Catalogue;
import io.countermand.venues.OrderFeed;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.VenueSettings;
import io.countermand.venues.Venues;
import io.countermand.venues.accounts.CheckedAccounts;
import io.countermand.venues.ended.EndedByHistory;
import io.countermand.venues.http.transport.TlsContext;
import io.countermand.venues.limits.Limits;
import io.countermand.venues.polling.PollPace;
import io.countermand.venues.polling.PollingFeed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What each part takes of the configuration. */
public final class Settings {

  /** After the last time to decide: for the outcome's way through the transaction and Kafka. */
  private static final Duration OUTCOME_MARGIN = Duration.ofSeconds(5);

  /** However high a rate: a list may be long. */
  private static final Duration LEAST_POLL = Duration.ofSeconds(1);

  private Settings() {}

  public static KafkaConnection connection(Config config) {
    return new KafkaConnection(
        config.kafka().bootstrapServers(),
        config.registry().url(),
        config.instance(),
        LoginFile.watched(config.kafka().properties()),
        config.registry().properties());
  }

  /** For a command, at which somebody waits: it says within 30 s that Kafka is away. */
  public static KafkaConnection brief(Config config) {
    Map<String, String> properties = new HashMap<>(LoginFile.watched(config.kafka().properties()));
    if (!properties.containsKey("request.timeout.ms")) { // which must not be more
      properties.putIfAbsent("default.api.timeout.ms", "30000"); // else a minute
    }
    return new KafkaConnection(
        config.kafka().bootstrapServers(),
        config.registry().url(),
        config.instance(),
        properties,
        config.registry().properties());
  }

  /** For what joins as any client does. */
  public static io.countermand.client.Connection client(Config config) {
    return new io.countermand.client.Connection(
        config.kafka().bootstrapServers(),
        config.registry().url(),
        "cli-" + config.instance(),
        LoginFile.watched(config.kafka().properties()),
        config.registry().properties());
  }

  /**
   * @throws IllegalStateException if the keystore's password cannot be read
   */
  public static DoorSettings door(Config config) {
    Config.Door door = config.door();
    return new DoorSettings(
        client(config).withClientId("door-" + config.instance()),
        door.host(),
        door.port(),
        door.tokens(),
        door.oidc() == null ? null : oidc(door.oidc()),
        door.tlsKeystore() == null
            ? null
            : new DoorSettings.Tls(door.tlsKeystore(), password(door.tlsPasswordFile())),
        door.perSecond(),
        door.keepOutcomes(),
        door.keepOrders(),
        door.openCancels(),
        door.streams(),
        config.ledger().answerGrace().plus(OUTCOME_MARGIN),
        config.venues().keySet());
  }

  /**
   * @throws IllegalStateException if the file of its authorities is no good
   */
  public static OidcSettings oidc(Config.Oidc oidc) {
    try {
      return new OidcSettings(
          oidc.issuer(),
          oidc.audience(),
          oidc.verbsClaim(),
          oidc.accountsClaim(),
          oidc.nameClaim(),
          oidc.keepKeys(),
          oidc.longestLife(),
          oidc.authorities() == null ? null : TlsContext.of(oidc.authorities(), null, null));
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException("the file of door.oidc.authorities: " + e.getMessage(), e);
    }
  }

  public static ConsoleSettings console(Config config) {
    Config.Console console = config.console();
    return new ConsoleSettings(
        client(config).withClientId("console-" + config.instance()),
        console.host(),
        console.port(),
        console.lookBack(),
        console.keepCancels(),
        console.keepMegabytes(),
        console.keepOrders(),
        console.streams(),
        config.ledger().answerGrace().plus(OUTCOME_MARGIN),
        console.users() == null && console.oidc() == null
            ? null
            : new AccessSettings(
                console.users(),
                console.oidc() == null
                    ? null
                    : new IssuerUsers(signIns(console.oidc()), console.oidc().names()),
                console.origin(),
                console.sessionIdle(),
                console.sessionLongest()),
        console.reports());
  }

  /**
   * @throws IllegalStateException if the file of its secret or of its authorities is no good
   */
  public static ClientSettings signIns(Config.ConsoleOidc oidc) {
    try {
      return new ClientSettings(
          oidc.issuer(),
          oidc.clientId(),
          oidc.clientSecretFile() == null ? "" : secret(oidc.clientSecretFile()),
          oidc.scopes(),
          oidc.rolesClaim(),
          oidc.nameClaim(),
          oidc.keepKeys(),
          oidc.authorities() == null ? null : TlsContext.of(oidc.authorities(), null, null));
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException("the file of console.oidc.authorities: " + e.getMessage(), e);
    }
  }

  /** What is in it is never shown. */
  private static String secret(Path file) {
    String secret;
    try {
      secret = Files.readString(file).strip();
    } catch (IOException e) { // also where it is no text
      throw new IllegalStateException(
          "the file of console.oidc.client-secret-file " + file + " cannot be read: " + e, e);
    }
    if (secret.isEmpty() || secret.lines().count() > 1) {
      throw new IllegalStateException(
          "the file of console.oidc.client-secret-file "
              + file
              + " has no line, or several (not shown); it is to have the secret alone");
    }
    return secret;
  }

  private static String password(@Nullable Path file) {
    try {
      return file == null ? "" : Files.readString(file).strip();
    } catch (IOException e) {
      throw new IllegalStateException(
          "door.tls-password-file " + file + " cannot be read: " + e, e);
    }
  }

  public static Catalogue catalogue(Config config) {
    return Catalogue.of(config.topics().partitions(), config.topics().replication());
  }

  public static IntentCheck intentCheck(Config config) {
    return new IntentCheck(config.intents().defaultDeadline(), config.intents().longestDeadline());
  }

  /**
   * From publishing an intent that names no deadline until its outcome must have been read: its
   * deadline, the time for late answers, and the outcome's way.
   */
  public static Duration answeredWithin(Config config) {
    return config
        .intents()
        .defaultDeadline()
        .plus(config.ledger().answerGrace())
        .plus(OUTCOME_MARGIN);
  }

  public static DeskRules deskRules(Config config) {
    return new DeskRules(
        config.venues().keySet(), config.ledger().answerGrace().plus(OUTCOME_MARGIN));
  }

  /**
   * With new adapters, which the desk closes.
   *
   * @param only the venues that it serves, in a consumer group of their own; empty: all that are
   *     configured, and what is for no venue
   * @throws ConfigException if there is no such venue, or its adapter does not take its settings
   */
  public static DeskSettings desk(Config config, Set<String> only, Limits limits, Clock clock) {
    SortedSet<String> served = new TreeSet<>(only.isEmpty() ? config.venues().keySet() : only);
    served.forEach(venue -> find(config, venue));
    return new DeskSettings(
        connection(config),
        streams(config, config.desk().streams(), only),
        intentCheck(config),
        deskRules(config),
        config.desk().forgetTerminal(),
        config.desk().forgetIdle(),
        served.stream().map(venue -> deskVenue(config, venue, limits, clock)).toList(),
        Set.copyOf(only),
        config.desk().mostWaiting(),
        config.desk().drain(),
        closing(config));
  }

  /** Venues where a cancel closes the position, too. */
  public static Set<String> closing(Config config) {
    return config.venues().values().stream()
        .filter(venue -> Venues.provider(venue.adapter()).cancelClosesPosition())
        .map(Venue::name)
        .collect(Collectors.toSet());
  }

  private static DeskSettings.Venue deskVenue(
      Config config, String venue, Limits limits, Clock clock) {
    Venue found = find(config, venue);
    Limits.Shared shared = shared(config, found, limits);
    return new DeskSettings.Venue(
        venue,
        new EndedByHistory(
            CheckedAccounts.of(
                adapter(config, venue, limits, clock),
                venueSettings(config, venue, limits, clock),
                shared.budget()),
            shared.budget()),
        shared.budget(),
        shared.governor(),
        callRules(config, venue),
        found.concurrency(),
        found.keepConnection());
  }

  public static LedgerRules ledgerRules(Config config) {
    return new LedgerRules(
        config.ledger().answerGrace(),
        config.ledger().rememberOrder(),
        config.venues().values().stream().collect(Collectors.toMap(Venue::name, Venue::rules)));
  }

  public static LedgerSettings ledger(Config config) {
    return new LedgerSettings(
        connection(config),
        streams(config, config.ledger().streams(), Set.of()),
        intentCheck(config),
        ledgerRules(config),
        config.venues().keySet(),
        config.ledger().rememberSettled());
  }

  /**
   * @throws ConfigException if there is no such venue, as for all that take a venue
   */
  public static VenueRules venueRules(Config config, String venue) {
    return find(config, venue).rules();
  }

  public static CallRules callRules(Config config, String venue) {
    return new CallRules(find(config, venue).timeout(), config.ledger().answerGrace());
  }

  /**
   * @param limits shared by all venues of the process
   */
  public static VenueSettings venueSettings(
      Config config, String venue, Limits limits, Clock clock) {
    Venue found = find(config, venue);
    return new VenueSettings(
        venue,
        found.baseUrl(),
        found.credentials(),
        found.options(),
        found.connectTimeout(),
        clock,
        shared(config, found, limits).governor(),
        found.http());
  }

  /**
   * A feed that asks the venue for its orders, within a small part of the rate that the cancels of
   * this process draw on, too.
   *
   * @param adapter one that can list; not closed with the feed
   */
  public static OrderFeed pollingFeed(
      Config config, String venue, VenueAdapter adapter, Limits limits, Clock clock) {
    Venue found = find(config, venue);
    Limits.Shared shared = shared(config, found, limits);
    Duration every = found.pollEvery();
    if (every == null) {
      Duration usual = PollPace.every(found.rate());
      every = usual.compareTo(LEAST_POLL) < 0 ? LEAST_POLL : usual;
    }
    return new PollingFeed(
        venue,
        adapter,
        shared.budget(),
        shared.governor(),
        new PollPace(every, clock),
        found.timeout(),
        clock);
  }

  /**
   * Does no I/O.
   *
   * @throws ConfigException if the adapter does not take its settings
   */
  public static VenueAdapter adapter(Config config, String venue, Limits limits, Clock clock) {
    VenueSettings settings = venueSettings(config, venue, limits, clock);
    try {
      return Venues.create(find(config, venue).adapter(), settings);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(
          List.of(
              new ConfigProblem(
                  "venues." + venue, String.valueOf(e.getMessage()), "mend it", "configuration")));
    }
  }

  /**
   * Whether every venue's adapter takes its settings, and files that are named can be read; starts
   * nothing.
   *
   * @throws ConfigException with all that do not
   */
  public static void check(Config config) {
    List<ConfigProblem> problems = hindrances(config);
    Config.Tracing tracing = config.tracing();
    if (tracing.endpoint() != null && tracing.headersFile() != null) {
      try {
        var _ = OtlpFiles.headers(tracing.headersFile());
      } catch (IllegalStateException e) {
        problems.add(otlp("headers-file", e, "allowed: lines of NAME=VALUE in ASCII, or none"));
      }
    }
    if (tracing.endpoint() != null && tracing.authorities() != null) {
      try {
        var _ = OtlpFiles.authorities(tracing.authorities());
      } catch (IllegalStateException e) {
        problems.add(otlp("authorities", e, "allowed: certificates in PEM, or none"));
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }

  private static ConfigProblem otlp(String key, IllegalStateException e, String allowed) {
    return new ConfigProblem(
        "tracing.otlp." + key, String.valueOf(e.getMessage()), allowed, "configuration");
  }

  /**
   * As {@link #check}, but for what roles do without.
   *
   * @throws ConfigException with all that keeps a role from starting
   */
  public static void checkToStart(Config config) {
    List<ConfigProblem> problems = hindrances(config);
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }

  private static List<ConfigProblem> hindrances(Config config) {
    List<ConfigProblem> problems = new ArrayList<>();
    Limits limits = new Limits(Clock.systemUTC());
    for (String venue : config.venues().keySet()) {
      try (VenueAdapter _ = adapter(config, venue, limits, Clock.systemUTC())) {
        // made, and closed again
      } catch (ConfigException e) {
        problems.addAll(e.problems());
      }
    }
    Config.Oidc oidc = config.door().oidc();
    if (oidc != null) {
      try {
        var _ = oidc(oidc);
      } catch (IllegalStateException e) {
        problems.add(
            new ConfigProblem(
                "door.oidc.authorities",
                String.valueOf(e.getMessage()),
                "allowed: certificates in PEM, or none",
                "configuration"));
      }
    }
    Config.ConsoleOidc people = config.console().oidc();
    if (people != null) {
      try {
        var _ = signIns(people);
      } catch (IllegalStateException e) {
        problems.add(
            new ConfigProblem(
                "console.oidc",
                String.valueOf(e.getMessage()),
                "allowed: a file with the secret alone, and certificates in PEM, or none",
                "configuration"));
      }
    }
    return problems;
  }

  /** One rate per user, one pause per credential. */
  private static Limits.Shared shared(Config config, Venue venue, Limits limits) {
    return limits.of(
        venue.name(),
        Users.user(venue, config.venues().values()),
        Users.credential(venue),
        venue.rate());
  }

  /**
   * @param only venues by whose names its group is told from others; empty: it is the only one
   */
  private static StreamsSettings streams(Config config, Streams streams, Set<String> only) {
    return new StreamsSettings(
        group(streams, only),
        config.stateDir(),
        streams.threads(),
        streams.standbys(),
        config.topics().replication(),
        streams.commitEvery());
  }

  private static String group(Streams streams, Set<String> only) {
    String suffix = only.isEmpty() ? "" : "-" + String.join("-", new TreeSet<>(only));
    return streams.applicationId() + suffix;
  }

  /** The consumer group of the desks that serve these venues; empty: all. */
  public static String deskGroup(Config config, Set<String> only) {
    only.forEach(venue -> find(config, venue));
    return group(config.desk().streams(), only);
  }

  /** The ledgers' consumer group. */
  public static String ledgerGroup(Config config) {
    return group(config.ledger().streams(), Set.of());
  }

  private static Venue find(Config config, String venue) {
    Venue found = config.venues().get(venue);
    if (found == null) {
      throw new ConfigException(
          List.of(
              new ConfigProblem(
                  "venues." + venue,
                  "no such venue",
                  config.venues().isEmpty()
                      ? "configure it: none is"
                      : "there are " + String.join(", ", config.venues().keySet()),
                  "configuration")));
    }
    return found;
  }
}
