package io.countermand.console;

import io.countermand.client.Connection;
import io.countermand.client.EventRecord;
import io.countermand.client.OrderStates;
import io.countermand.console.access.Access;
import io.countermand.console.access.Shield;
import io.countermand.console.access.UserRole;
import io.countermand.console.actions.Actions;
import io.countermand.console.actions.KillProposals;
import io.countermand.console.kept.ActionLog;
import io.countermand.console.kept.CancelRates;
import io.countermand.console.kept.CompactedTopic;
import io.countermand.console.kept.Follower;
import io.countermand.console.kept.KeptCancels;
import io.countermand.console.kept.KeptSwitches;
import io.countermand.console.kept.LastOutcomes;
import io.countermand.console.kept.Letters;
import io.countermand.console.kept.MassReports;
import io.countermand.console.kept.VenuePauses;
import io.countermand.console.reports.AuditReports;
import io.countermand.console.reports.ReportPages;
import io.countermand.events.CancelIntent;
import io.countermand.events.CancelOutcome;
import io.countermand.events.CancelProgress;
import io.countermand.events.ConsoleAction;
import io.countermand.events.DeadLetter;
import io.countermand.events.KillSwitch;
import io.countermand.events.MassReport;
import io.countermand.events.OutcomeFinding;
import io.countermand.events.VenuePause;
import io.countermand.events.serde.EventSerdes;
import io.countermand.platform.Topics;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pages that show what became of cancels. It reads topics, and writes none unless it is given
 * {@link Actions}; it may fall over, or be asked too much, and nobody else notices. Thread-safe.
 */
public final class Console implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Console.class);
  private static final long MEGABYTE = 1L << 20;

  /** Pages that show the same within that time share one look. */
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

  /** Topics that it reads, for which it needs a right. */
  public static final List<String> READS =
      List.of(
          Topics.INTENTS,
          Topics.PROGRESS,
          Topics.OUTCOMES,
          Topics.FINDINGS,
          Topics.DEAD_LETTERS,
          Topics.MASS_REPORTS,
          Topics.KILL_SWITCHES,
          Topics.PAUSES,
          Topics.ORDER_STATES,
          Topics.CONSOLE_ACTIONS);

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final List<Follower<?>> followers = new ArrayList<>();
  private final List<CompactedTopic<?>> standing = new ArrayList<>();
  private final OrderStates orders;
  private final Javalin server;
  private final String host;

  private Console(ConsoleSettings settings, @Nullable Actions actions) {
    this.host = settings.host();
    try {
      if (actions != null) {
        parts.push(actions);
      }
      Shield shield = Shield.of(settings.host(), settings.access());
      if (actions != null && settings.access() == null) {
        throw new IllegalStateException(
            "console.actions: nobody can do anything where nobody signs in; set console.users"
                + " or console.oidc");
      }
      Access access = settings.access() == null ? null : new Access(settings.access());
      if (access != null) {
        parts.push(access);
      }
      Connection connection = settings.connection();
      Instant from = Instant.now().minus(settings.lookBack());
      var pace = new CancelRates();
      var cancels =
          new KeptCancels(
              settings.keepCancels(), settings.keepMegabytes() * MEGABYTE, pace, settings.grace());
      var letters = new Letters(settings.keepMegabytes() * MEGABYTE / 4);
      var masses = new MassReports();
      follow(connection, Topics.INTENTS, CancelIntent.class, from, cancels::intent);
      follow(connection, Topics.PROGRESS, CancelProgress.class, from, cancels::progress);
      var lasts = new LastOutcomes();
      follow(
          connection,
          Topics.OUTCOMES,
          CancelOutcome.class,
          from,
          outcome -> {
            cancels.outcome(outcome);
            lasts.outcome(outcome);
          });
      follow(connection, Topics.FINDINGS, OutcomeFinding.class, from, cancels::finding);
      follow(connection, Topics.DEAD_LETTERS, DeadLetter.class, from, letters::add);
      follow(connection, Topics.MASS_REPORTS, MassReport.class, from, masses::add);
      var asked = new ActionLog();
      follow(connection, Topics.CONSOLE_ACTIONS, ConsoleAction.class, from, asked::add);
      var switches = new KeptSwitches();
      var killSwitches = follow(connection, Topics.KILL_SWITCHES, KillSwitch.class, switches::take);
      var pauses = new VenuePauses();
      follow(connection, Topics.PAUSES, VenuePause.class, pauses::take);
      orders = OrderStates.follow(connection, settings.keepOrders());
      parts.push(orders);
      var serdes = new EventSerdes(connection.registryUrl(), connection.registry());
      parts.push(serdes);
      var now =
          new CachedViews<OverviewView.Window, OverviewView>(
              window -> OverviewView.of(cancels, pace, window, missing(), Instant.now()),
              LOOK_AGAIN);
      var sources = new VenuesView.Sources(cancels, lasts, pauses, orders);
      var venues =
          new CachedViews<String, VenuesView>(
              _ -> VenuesView.of(sources, Instant.now()), LOOK_AGAIN);
      var writer =
          new PageWriter(
              () -> Frame.of(missing(), switches.standing(), known(killSwitches)),
              access != null,
              actions != null,
              settings.reports() != null);
      var pages = new Pages(cancels, letters, orders, asked, serdes, now, writer);
      var massPages = new MassPages(masses, cancels, writer);
      Set<String> configured = actions == null ? Set.of() : actions.venues();
      var proposals =
          new KillProposals(
              InstantSource.system(),
              person -> access != null && access.may(UserRole.KILLER, person));
      var held = new StandingPages(masses, venues, asked, configured, proposals, writer);
      var tail = new Tail(settings.streams(), request -> access == null || access.still(request));
      server =
          Javalin.create(
              config -> {
                listen(config, settings);
                config.routes.before(shield::before);
                if (access != null) {
                  Routes.signIn(config, new SignInPages(access, writer), held);
                  reports(config, settings, writer);
                }
                if (actions != null) {
                  Routes.acts(
                      config,
                      actions,
                      new KillActions(actions, masses, switches, proposals, writer),
                      new MendActions(actions, letters, cancels));
                }
                Routes.pages(config, pages, tail, cancels);
                Routes.pages(config, held, massPages, writer);
              });
      server.start();
      parts.push(server::stop);
      parts.push(tail::close);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
    LOG.atInfo().addKeyValue("address", address()).log("the console is open");
  }

  /**
   * Returns when its pages can be asked for; they say what has not been read yet.
   *
   * @param actions closed with the console, or if it does not open; null: nobody can do anything
   * @throws IllegalStateException if others could reach it who do not sign in, or the file of users
   *     is wrong
   * @throws RuntimeException that says what is missing: topics, schemas, the port
   */
  public static Console open(ConsoleSettings settings, @Nullable Actions actions) {
    return new Console(settings, actions);
  }

  private <T extends SpecificRecord> void follow(
      Connection connection,
      String topic,
      Class<T> type,
      Instant from,
      Consumer<EventRecord<T>> to) {
    Follower<T> follower = Follower.start(connection, topic, type, from, to);
    parts.push(follower);
    followers.add(follower);
  }

  private <T extends SpecificRecord> CompactedTopic<T> follow(
      Connection connection, String topic, Class<T> type, Consumer<CompactedTopic.Entry<T>> to) {
    CompactedTopic<T> followed = CompactedTopic.follow(connection, topic, type, to);
    parts.push(followed);
    standing.add(followed);
    return followed;
  }

  private static Frame.Known known(CompactedTopic<?> topic) {
    if (topic.current()) {
      return Frame.Known.YES;
    }
    return topic.caughtUp() ? Frame.Known.NOT_NOW : Frame.Known.NOT_YET;
  }

  public int port() {
    return server.port();
  }

  /** What to open in a browser. */
  public String address() {
    return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port() + "/";
  }

  /** Topics that are not read up yet, or cannot be read now; empty: none. */
  public List<String> missing() {
    List<String> missing = new ArrayList<>();
    for (Follower<?> each : followers) {
      if (each.troubled()) {
        missing.add(each.topic() + " cannot be read");
      } else if (!each.caughtUp()) {
        missing.add("reading " + each.topic());
      }
    }
    for (CompactedTopic<?> each : standing) {
      if (!each.current()) {
        missing.add(each.caughtUp() ? each.topic() + " cannot be read" : "reading " + each.topic());
      }
    }
    if (!orders.caughtUp()) {
      missing.add("reading " + Topics.ORDER_STATES);
    }
    return missing;
  }

  /** Where nobody signs in nobody is an auditor, and there are none. */
  private static void reports(JavalinConfig config, ConsoleSettings settings, PageWriter writer) {
    if (settings.reports() != null) {
      Routes.audits(config, new ReportPages(new AuditReports(settings.reports()), writer::page));
    }
  }

  private static void listen(JavalinConfig config, ConsoleSettings settings) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.concurrency.useVirtualThreads = true;
    config.http.prefer405over404 = true;
    config.jetty.host = settings.host();
    config.jetty.port = settings.port();
    config.jetty.modifyHttpConfiguration(
        http -> {
          http.setSendServerVersion(false);
          http.setRequestHeaderSize(256 * 1024); // an id of 64 KiB, percent-encoded
        });
  }

  /** Returns when its threads have ended. */
  @Override
  public void close() {
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        LOG.atWarn().setCause(e).log("the console did not close cleanly");
      }
    }
  }
}
