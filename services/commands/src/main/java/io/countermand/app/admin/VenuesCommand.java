package io.countermand.app.admin;

import io.countermand.app.cli.ConfigOption;
import io.countermand.app.cli.JsonOption;
import io.countermand.app.cli.TimeArguments;
import io.countermand.app.config.Config;
import io.countermand.app.config.Settings;
import io.countermand.app.doctor.VenueProbe;
import io.countermand.app.lookup.TopicScan;
import io.countermand.codec.FindingCodec;
import io.countermand.codec.OutcomeCodec;
import io.countermand.codec.TimeBounds;
import io.countermand.events.CancelOutcome;
import io.countermand.events.OutcomeFinding;
import io.countermand.events.serde.Decoded;
import io.countermand.events.serde.EventSerdes;
import io.countermand.platform.Topics;
import io.countermand.venues.AccountList;
import io.countermand.venues.Capabilities;
import io.countermand.venues.Probe;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.VenueProvider;
import io.countermand.venues.Venues;
import io.countermand.venues.limits.Limits;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code venues}. */
@Command(
    name = "venues",
    mixinStandardHelpOptions = true,
    subcommands = {VenuesPauseCommand.class, VenuesResumeCommand.class},
    description =
        "Lists the venue adapters and what each can do; with --config also asks each configured"
            + " instance whether it is at work and lets us in, and for its credential's accounts,"
            + " without touching an order. Where that needs a login, only with --log-in. Exit code"
            + " 1 if one is not, or does not.")
public final class VenuesCommand implements Callable<Integer> {

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Mixin private JsonOption json = new JsonOption();

  @Mixin private ConfigOption option = new ConfigOption();

  @Option(
      names = "--log-in",
      description =
          "Also log in where the credential is a login (Tradovate, Cadenza, NeuraTrade). This takes"
              + " one of the venue's logins, and may end the session of a running desk.")
  private boolean logIn;

  @Option(
      names = "--measure",
      description =
          "Only a table out of outcomes and findings, without a call to any venue: how many of the"
              + " cancels that a venue took were confirmed, how, and how long after its reply.")
  private boolean measure;

  @Option(
      names = "--since",
      paramLabel = "WHEN",
      description =
          "With --measure: outcomes written since then: a time in UTC or how long ago. Default:"
              + " 24h.")
  private @Nullable String since;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (measure && !option.given()) {
      throw new ParameterException(spec.commandLine(), "--measure wants --config");
    }
    if (measure && logIn) {
      throw new ParameterException(spec.commandLine(), "--measure calls no venue: no --log-in");
    }
    if (measure && json.on()) {
      throw new ParameterException(spec.commandLine(), "--measure prints a table: no --json");
    }
    if (since != null && !measure) {
      throw new ParameterException(spec.commandLine(), "--since wants --measure");
    }
    if (measure) {
      measure(out);
      return CommandLine.ExitCode.OK;
    }
    boolean check = option.given();
    if (logIn && !check) {
      throw new ParameterException(spec.commandLine(), "--log-in wants --config");
    }
    Config config = option.load(venue -> check);
    if (json.on()) {
      return json(config, check, out);
    }
    for (VenueProvider provider : Venues.providers().values()) {
      out.printf("%-20s %s%n", provider.adapter(), provider.summary());
      out.printf("%-20s %s%n", "", String.join(", ", abilities(provider.capabilities())));
      out.printf("%-20s success means: %s%n", "", provider.capabilities().success());
    }
    boolean well = true;
    if (!config.venues().isEmpty()) {
      out.println();
    }
    Limits limits = new Limits(Clock.systemUTC());
    for (Config.Venue venue : config.venues().values()) {
      out.printf(
          "%-20s %s at %s; at most %d calls per %s, %d at once, for all desks together%n",
          venue.name(),
          venue.adapter(),
          Venues.provider(venue.adapter()).shown(venue.baseUrl()),
          venue.rate().permits(),
          venue.rate().period().toString().substring(2).toLowerCase(Locale.ROOT),
          venue.rate().burst());
      if (check) {
        try (VenueAdapter adapter =
            Settings.adapter(config, venue.name(), limits, Clock.systemUTC())) {
          well &= check(adapter, venue, out);
        }
      }
    }
    out.flush();
    return well ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  private int json(Config config, boolean check, PrintWriter out) {
    boolean well = true;
    List<Map<String, @Nullable Object>> venues = new ArrayList<>();
    Limits limits = new Limits(Clock.systemUTC());
    for (Config.Venue venue : config.venues().values()) {
      Map<String, @Nullable Object> fields = VenuesJson.of(venue);
      if (check) {
        try (VenueAdapter adapter =
            Settings.adapter(config, venue.name(), limits, Clock.systemUTC())) {
          VenueProbe asked = VenueProbe.of(adapter, venue.timeout(), logIn);
          well &= asked.probe().ok();
          fields.put("probe", VenuesJson.of(asked));
          fields.put(
              "accounts",
              tells(asked.probe(), adapter)
                  ? VenuesJson.of(adapter.accounts(venue.timeout()))
                  : null);
        }
      }
      venues.add(fields);
    }
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    all.put("well", well);
    all.put("adapters", Venues.providers().values().stream().map(VenuesJson::of).toList());
    all.put("venues", venues);
    JsonOption.print(out, all);
    return well ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  /** Not where nothing tried the credential: that would log in. */
  private static boolean tells(Probe probe, VenueAdapter adapter) {
    return probe.ok()
        && probe.credential() == Probe.Credential.GOOD
        && adapter.capabilities().tellsAccounts();
  }

  private void measure(PrintWriter out) {
    Instant given = TimeArguments.parse("--since", since);
    Instant from = given == null ? Instant.now().minus(Duration.ofHours(24)) : given;
    VenueMeasure counts = new VenueMeasure();
    var connection = Settings.brief(option.load());
    try (EventSerdes serdes = connection.serdes();
        TopicScan scan = new TopicScan(connection)) {
      var outcomes = serdes.decoder(CancelOutcome.class);
      scan.all(
          Topics.OUTCOMES,
          from,
          record -> {
            if (outcomes.decode(record.topic(), record.value())
                instanceof Decoded.Ok<CancelOutcome>(CancelOutcome value)) {
              counts.add(OutcomeCodec.fromAvro(TimeBounds.possible(value)));
            }
          });
      var findings = serdes.decoder(OutcomeFinding.class);
      scan.all(
          Topics.FINDINGS,
          from,
          record -> {
            if (findings.decode(record.topic(), record.value())
                instanceof Decoded.Ok<OutcomeFinding>(OutcomeFinding value)) {
              counts.add(FindingCodec.fromAvro(TimeBounds.possible(value)), from);
            }
          });
    }
    counts.lines().forEach(out::println);
    out.flush();
  }

  /** Whether it is well. */
  private boolean check(VenueAdapter adapter, Config.Venue venue, PrintWriter out) {
    VenueProbe asked = VenueProbe.of(adapter, venue.timeout(), logIn);
    Probe probe = asked.probe();
    out.printf("%-20s %s: %s%n", "", probe.ok() ? "ok" : "NOT OK", probe.detail());
    if (!probe.todo().isEmpty()) {
      out.printf("%-20s %s%n", "", probe.todo());
    }
    if (!asked.untried().isEmpty()) {
      out.printf("%-20s %s%n", "", asked.untried());
    }
    if (tells(probe, adapter)) {
      out.printf("%-20s accounts: %s%n", "", accounts(adapter.accounts(venue.timeout())));
    }
    return probe.ok();
  }

  /** All of them, each with its further names: what an intent may name. */
  private static String accounts(AccountList list) {
    if (!list.told()) {
      String why = list.reply().told().message();
      return "not told" + (why == null ? "" : ": " + VenuesJson.clipped(why));
    }
    String names =
        list.accounts().stream()
            .map(account -> VenuesJson.clipped(account.shown()))
            .collect(Collectors.joining(", "));
    return (names.isEmpty() ? "none are named" : names)
        + (list.proves() ? "" : "; there may be others");
  }

  private static List<String> abilities(Capabilities can) {
    List<String> abilities = new ArrayList<>();
    abilities.add(can.confirmsInReply() ? "confirms in its reply" : "accepts, confirms later");
    abilities.add(can.canQuery() ? "can be asked for an order's status" : "cannot be asked");
    if (can.canCancelByName()) {
      abilities.add("cancels by order name");
    }
    if (can.hasFeed()) {
      abilities.add("has an order feed");
    }
    if (can.canList()) {
      abilities.add("lists its orders");
    }
    if (can.cancelsAll()) {
      abilities.add("one call cancels all of an account");
    }
    if (can.tellsAccounts()) {
      abilities.add("tells the accounts of its credential");
    }
    if (can.penaltyTickets()) {
      abilities.add("gives penalty tickets");
    }
    return abilities;
  }
}
