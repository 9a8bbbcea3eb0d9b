package io.countermand.app.config;

import io.countermand.app.config.Config.Streams;
import io.countermand.app.config.Config.Venue;
import io.countermand.audit.Rules;
import io.countermand.domain.GateRules;
import io.countermand.domain.IntentCheck;
import io.countermand.domain.LedgerRules;
import io.countermand.domain.VenueRules;
import io.countermand.domain.WorkerRules;
import io.countermand.gate.GateSettings;
import io.countermand.kafka.KafkaConnection;
import io.countermand.kafka.StreamsSettings;
import io.countermand.ledger.LedgerSettings;
import io.countermand.platform.Catalogue;
import io.countermand.simulator.InstanceOptions;
import io.countermand.simulator.JournalOptions;
import io.countermand.simulator.SimulatorOptions;
import io.countermand.simulator.VenueKind;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.VenueSettings;
import io.countermand.venues.Venues;
import io.countermand.venues.limits.Limits;
import io.countermand.venues.limits.Rate;
import io.countermand.worker.WorkerSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What each part takes of the configuration. */
public final class Settings {

  /** After the last time to decide: for the outcome's way through the transaction and Kafka. */
  private static final Duration OUTCOME_MARGIN = Duration.ofSeconds(5);

  private Settings() {}

  public static KafkaConnection connection(Config config) {
    return new KafkaConnection(
        config.kafka().bootstrapServers(),
        config.registry().url(),
        config.instance(),
        config.kafka().properties(),
        config.registry().properties());
  }

  /** Every topic, for the configured venues. */
  public static Catalogue catalogue(Config config) {
    return Catalogue.of(
        config.topics().partitions(),
        // One for a share group: every worker gets it, so a dead one stalls nobody.
        config.worker().source() == WorkerSettings.Source.SHARE ? 1 : config.topics().partitions(),
        config.topics().replication(),
        config.venues().keySet(),
        Catalogue.RETENTION);
  }

  public static IntentCheck intentCheck(Config config) {
    return new IntentCheck(config.intents().defaultDeadline(), config.intents().longestDeadline());
  }

  public static GateRules gateRules(Config config) {
    return new GateRules(
        config.venues().keySet(), config.ledger().answerGrace().plus(OUTCOME_MARGIN));
  }

  public static GateSettings gate(Config config) {
    return new GateSettings(
        connection(config),
        streams(config, config.gate().streams()),
        intentCheck(config),
        gateRules(config),
        config.gate().forgetTerminal(),
        config.gate().forgetIdle());
  }

  public static LedgerRules ledgerRules(Config config) {
    return new LedgerRules(
        config.ledger().answerGrace(),
        config.ledger().rememberOrder(),
        config.venues().values().stream().collect(Collectors.toMap(Venue::name, Venue::rules)));
  }

  /** The rules in force now, for the audit of a history that was made under them. */
  public static Rules auditRules(Config config) {
    return new Rules(
        intentCheck(config),
        gateRules(config),
        ledgerRules(config),
        config.gate().forgetTerminal(),
        config.gate().forgetIdle(),
        config.ledger().rememberSettled());
  }

  public static LedgerSettings ledger(Config config) {
    return new LedgerSettings(
        connection(config),
        streams(config, config.ledger().streams()),
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

  public static WorkerRules workerRules(Config config, String venue) {
    return new WorkerRules(find(config, venue).timeout(), config.ledger().answerGrace());
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
        VenueSettings.CONNECT_TIMEOUT,
        clock,
        shared(found, limits).governor());
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
              new Problem(
                  "venues." + venue, String.valueOf(e.getMessage()), "mend it", "configuration")));
    }
  }

  /** With a new adapter, which the worker closes. */
  public static WorkerSettings worker(Config config, String venue, Limits limits, Clock clock) {
    Venue found = find(config, venue);
    Limits.Shared shared = shared(found, limits);
    shared.budget().setShare(config.worker().workers());
    return new WorkerSettings(
        connection(config),
        venue,
        adapter(config, venue, limits, clock),
        shared.budget(),
        shared.governor(),
        workerRules(config, venue),
        found.concurrency(),
        batch(found.rate().share(config.worker().workers()), found.concurrency()),
        config.worker().source(),
        config.worker().drain());
  }

  /**
   * What the rate lets through in a second: more would wait in one process for its turn, and be
   * taken again by another one if that dies.
   */
  private static int batch(Rate rate, int concurrency) {
    double aSecond = rate.permits() * 1e9 / rate.period().toNanos();
    return Math.clamp((long) aSecond, 1, concurrency);
  }

  /** The venues under {@code simulator.venues}, or else all configured ones. */
  public static SimulatorOptions simulator(Config config) {
    Config.Simulator simulator = config.simulator();
    Map<String, String> venues =
        simulator.venues().isEmpty()
            ? config.venues().values().stream()
                .collect(Collectors.toMap(Venue::name, Venue::adapter))
            : simulator.venues();
    Path journal = simulator.journal();
    return SimulatorOptions.of(
            venues.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(
                    venue ->
                        InstanceOptions.of(venue.getKey(), VenueKind.of(venue.getValue()))
                            .withLatency(simulator.latency()))
                .toList())
        .withHost(simulator.host())
        .withPort(simulator.port())
        .withSeed(simulator.seed())
        .withJournal(journal == null ? JournalOptions.MEMORY : JournalOptions.file(journal));
  }

  /** One rate and one pause per credential; a venue without any has its own. */
  private static Limits.Shared shared(Venue venue, Limits limits) {
    Object credential = venue.credentials().names().isEmpty() ? venue.name() : venue.credentials();
    return limits.of(venue.name(), credential, venue.rate());
  }

  private static StreamsSettings streams(Config config, Streams streams) {
    return new StreamsSettings(
        streams.applicationId(),
        config.stateDir(),
        streams.threads(),
        streams.standbys(),
        config.topics().replication(),
        streams.commitEvery());
  }

  private static Venue find(Config config, String venue) {
    Venue found = config.venues().get(venue);
    if (found == null) {
      throw new ConfigException(
          List.of(
              new Problem(
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
