package io.countermand.app.admin;

import io.countermand.app.cli.ConfigOption;
import io.countermand.app.config.Config;
import io.countermand.app.config.Settings;
import io.countermand.app.doctor.VenueProbe;
import io.countermand.venues.AccountList;
import io.countermand.venues.Capabilities;
import io.countermand.venues.Probe;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.VenueProvider;
import io.countermand.venues.Venues;
import io.countermand.venues.http.Texts;
import io.countermand.venues.limits.Limits;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
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

  private static final int LONGEST_TEXT = 200;

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Mixin private ConfigOption option = new ConfigOption();

  @Option(
      names = "--log-in",
      description =
          "Also log in where the credential is a login (Tradovate, Cadenza, NeuraTrade). This takes"
              + " one of the venue's logins, and may end the session of a running desk.")
  private boolean logIn;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    boolean check = option.given();
    if (logIn && !check) {
      throw new ParameterException(spec.commandLine(), "--log-in wants --config");
    }
    Config config = option.load(venue -> check);
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
    // Else it would log in.
    boolean tried = probe.credential() == Probe.Credential.GOOD;
    if (probe.ok() && tried && adapter.capabilities().tellsAccounts()) {
      out.printf("%-20s accounts: %s%n", "", accounts(adapter.accounts(venue.timeout())));
    }
    return probe.ok();
  }

  /** All of them, each with its further names: what an intent may name. */
  private static String accounts(AccountList list) {
    if (!list.told()) {
      String why = list.reply().told().message();
      return "not told" + (why == null ? "" : ": " + Texts.clip(why, LONGEST_TEXT));
    }
    String names =
        list.accounts().stream()
            .map(account -> Texts.clip(account.shown(), LONGEST_TEXT))
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
