// Over 300 lines: one run from the first order to the books, told in the order in which it happens.
package io.countermand.app.drill;

import io.countermand.app.chaos.ProcessControl;
import io.countermand.app.cli.SourceVersion;
import io.countermand.app.config.Config;
import io.countermand.domain.Outcome;
import io.countermand.domain.mass.MassCancel;
import io.countermand.domain.mass.MassReport;
import io.countermand.domain.mass.MassScope;
import io.countermand.kafka.KafkaConnection;
import io.countermand.kafka.client.MassCancels;
import io.countermand.kafka.client.OutcomeReader;
import io.countermand.simulator.Simulator;
import io.countermand.simulator.book.NewOrder;
import io.countermand.simulator.fault.FaultRule;
import io.countermand.simulator.request.CallKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs a drill: places orders, asks for one mass cancel, lets faults happen, waits for the end, and
 * gives the books. One thread, beside those that it starts and ends.
 */
public final class Drill {

  private static final int WARM_UP_ORDERS = 600;

  /** At the venues' own rates it must leave some of their rate. */
  private static final int WARM_UP_SLOWLY = 12;

  private static final Duration READY_WITHIN = Duration.ofMinutes(2);
  private static final Duration COUNT = Duration.ofSeconds(5);

  /** After its deadline a mass cancel has its last report within this, while a ledger runs. */
  private static final Duration MARGIN = Duration.ofSeconds(60);

  /** A call that comes twice follows soon. */
  private static final Duration SETTLE = Duration.ofSeconds(1);

  private final DrillPlan plan;
  private final DrillStack stack;
  private final Consumer<String> line;
  private final Consumer<String> progress;
  private final Simulator simulator;
  private final KafkaConnection connection;
  private final List<NewOrder> late = Collections.synchronizedList(new ArrayList<>());
  private final List<DrillBooks.Kill> kills = Collections.synchronizedList(new ArrayList<>());
  private volatile boolean frozen;
  private volatile boolean over;

  private Drill(
      DrillPlan plan, DrillStack stack, Consumer<String> line, Consumer<String> progress) {
    this.plan = plan;
    this.stack = stack;
    this.line = line;
    this.progress = progress;
    this.simulator = stack.local().simulator();
    this.connection = stack.local().connection();
  }

  /**
   * Returns when the last report is there, or none can come any more.
   *
   * @param line hears what stays on the screen
   * @param progress hears the present state, often
   * @throws IllegalStateException if the orders do not get into the table, or it is stopped
   */
  public static DrillBooks run(
      DrillPlan plan, DrillStack stack, Consumer<String> line, Consumer<String> progress)
      throws InterruptedException {
    return new Drill(plan, stack, line, progress).run();
  }

  private DrillBooks run() throws InterruptedException {
    try (var masses = new MassCancels(connection)) {
      if (plan.warmUp()) {
        warmUp(masses);
      }
      var orders = new DrillOrders(plan.seed(), plan.venues());
      List<NewOrder> placed = orders.next(plan.orders());
      place(placed, masses);
      List<FaultRule> rules = plan.faults().rules();
      rules.forEach(simulator.faults()::add);
      MassCancel mass = mass(plan.scope(), plan.within(), false);
      List<Thread> helpers = new ArrayList<>();
      try {
        plan.faults().down().forEach(down -> helpers.add(down(down)));
        plan.faults().kills().forEach(kill -> helpers.add(kill(kill, mass.createdAt())));
        if (plan.newOrders() > 0) {
          helpers.add(newOrders(orders));
        }
        line.accept("mass cancel " + mass.massId() + ": " + plan.scope().words());
        masses.ask(mass);
        MassReport report = follow(masses, mass);
        over = true;
        for (Thread helper : helpers) {
          helper.join();
        }
        Thread.sleep(SETTLE);
        return books(mass, placed, report);
      } finally {
        over = true;
        frozen = true;
        helpers.forEach(Thread::interrupt);
        rules.forEach(simulator.faults()::remove);
        plan.faults().down().forEach(down -> simulator.faults().remove(down.rule()));
      }
    }
  }

  /** Until the tables know them; no other order is open then. */
  private void place(List<NewOrder> orders, MassCancels masses) throws InterruptedException {
    line.accept("placing %,d orders".formatted(orders.size()));
    orders.forEach(simulator.book()::place);
    awaitOpen(orders.size(), masses);
    long meant = orders.stream().filter(one -> DrillOrders.in(plan.scope(), one)).count();
    line.accept(
        "%,d orders are open and known, %,d of them in scope".formatted(orders.size(), meant));
  }

  private void warmUp(MassCancels masses) throws InterruptedException {
    line.accept("warming up with cancels that are not counted (--cold leaves that out)");
    var orders = new DrillOrders(~plan.seed(), plan.venues());
    int count = plan.lifted() ? WARM_UP_ORDERS : WARM_UP_SLOWLY;
    orders.next(count).forEach(simulator.book()::place);
    awaitOpen(count, masses);
    MassCancel mass = mass(MassScope.ALL, plan.within(), false);
    masses.ask(mass);
    MassReport report = follow(masses, mass);
    if (report == null || report.canceled() < count) {
      throw new IllegalStateException(
          "of %d orders to warm up with not all were cancelled: %s"
              .formatted(count, report == null ? "no report" : report.text()));
    }
    awaitOpen(0, masses);
    frozen = false;
  }

  /** Asks how many orders are open, as a dry run counts them, until these are. */
  private void awaitOpen(int count, MassCancels masses) throws InterruptedException {
    Instant end = Instant.now().plus(READY_WITHIN);
    int last = -1;
    while (Instant.now().isBefore(end)) {
      MassCancel dry = mass(MassScope.ALL, COUNT, true);
      masses.ask(dry);
      Instant given = Instant.now().plus(COUNT);
      boolean told = false;
      while (!told && Instant.now().isBefore(given)) {
        stopped();
        for (MassReport report : masses.poll(Duration.ofMillis(50))) {
          if (report.mass().massId().equals(dry.massId())) {
            told |= report.last();
            last = report.total();
            if (report.state() == MassReport.State.DONE && last == count) {
              return;
            }
          }
        }
      }
      progress.accept("%,d of %,d orders are known".formatted(Math.max(last, 0), count));
    }
    throw new IllegalStateException(
        "%d orders are open by the desks' tables, not %d: nothing was tried; see the log in the data"
                .formatted(last, count)
            + " directory");
  }

  private MassCancel mass(MassScope scope, Duration time, boolean dry) {
    Instant now = Instant.now();
    return new MassCancel(
        "drill-" + UUID.randomUUID(),
        scope,
        plan.by(),
        plan.reason(),
        now.plus(time),
        dry,
        true,
        now);
  }

  /** The last report, or the newest that came in time. */
  private @Nullable MassReport follow(MassCancels masses, MassCancel mass) {
    Instant end = Instant.now().plus(plan.within()).plus(MARGIN);
    MassReport newest = null;
    while (Instant.now().isBefore(end)) {
      stopped();
      for (MassReport report : masses.poll(Duration.ofMillis(50))) {
        if (report.mass().massId().equals(mass.massId())) {
          newest = report;
          frozen |= report.state() != MassReport.State.FREEZING;
          progress.accept(report.text());
          if (report.last()) {
            return report;
          }
        }
      }
    }
    return newest;
  }

  private void stopped() {
    if (stack.stopping()) {
      throw new IllegalStateException("stopped");
    }
  }

  private Thread down(FaultPlan.VenueDown down) {
    simulator.faults().add(down.rule());
    return helper(
        () -> {
          Instant end = Instant.now().plus(down.lasts());
          while (!over && Instant.now().isBefore(end)) {
            Thread.sleep(20);
          }
          simulator.faults().remove(down.rule());
        });
  }

  private Thread newOrders(DrillOrders orders) {
    Duration gap = Duration.ofNanos(Math.round(1e9 / plan.newOrders()));
    Instant begun = Instant.now();
    return helper(
        () -> {
          for (int n = 0; !frozen; n++) {
            while (!frozen && Instant.now().isBefore(begun.plus(gap.multipliedBy(n)))) {
              Thread.sleep(1);
            }
            NewOrder order = orders.next();
            late.add(order);
            simulator.book().place(order);
          }
        });
  }

  /** Kills when a quarter of the orders has been called for, and starts it again after a second. */
  private Thread kill(String role, Instant asked) {
    long before = cancels();
    long enough = before + Math.max(1, plan.orders() / 4);
    ProcessControl victim = stack.victim(role);
    return helper(
        () -> {
          while (!over && cancels() < enough) {
            Thread.sleep(1);
          }
          if (over) {
            return;
          }
          Instant at = Instant.now();
          victim.kill();
          String text =
              String.format(
                  Locale.ROOT,
                  "%s killed (SIGKILL) %.2f s after it was asked for, when %,d cancels had come to the"
                      + " venues; started again after 1 s",
                  role,
                  Duration.between(asked, at).toMillis() / 1e3,
                  cancels() - before);
          line.accept(text);
          Thread.sleep(500);
          // What it had sent has been read by the venues, and no other has begun yet.
          kills.add(new DrillBooks.Kill(role, Instant.now(), text));
          Thread.sleep(500);
          victim.start();
        });
  }

  /** What a helper does; an interrupt ends it. */
  @FunctionalInterface
  private interface Step {
    void run() throws InterruptedException;
  }

  private static Thread helper(Step step) {
    return Thread.ofVirtual()
        .name("drill")
        .start(
            () -> {
              try {
                step.run();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  private long cancels() {
    return plan.venues().keySet().stream()
        .mapToLong(venue -> simulator.journal().count(venue, CallKind.CANCEL))
        .sum();
  }

  private DrillBooks books(MassCancel mass, List<NewOrder> placed, @Nullable MassReport report) {
    line.accept("comparing the books");
    List<Outcome> outcomes = new ArrayList<>();
    try (var reader = OutcomeReader.fromBeginning(connection)) {
      reader.rest().stream()
          .map(OutcomeReader.Read::outcome)
          .filter(one -> mass.massId().equals(one.cancel().massId()))
          .forEach(outcomes::add);
    }
    Map<String, Duration> timeouts = new HashMap<>();
    Set<String> sockets = new HashSet<>();
    for (Config.Venue venue : stack.local().config().venues().values()) {
      timeouts.put(venue.name(), venue.timeout());
      if (venue.baseUrl().getScheme().startsWith("ws")) {
        sockets.add(venue.name());
      }
    }
    return new DrillBooks(
        plan,
        setting(),
        mass,
        placed,
        List.copyOf(late),
        report,
        DrillMassRecords.read(connection, mass.massId()),
        List.copyOf(outcomes),
        simulator.journal(),
        timeouts,
        sockets,
        List.copyOf(kills));
  }

  private DrillReport.Setting setting() {
    return new DrillReport.Setting(
        SourceVersion.VERSION,
        SourceVersion.commit(),
        plan.orders(),
        List.copyOf(plan.venues().keySet()),
        plan.lifted() ? "lifted" : "default",
        plan.faults().words(),
        plan.seed(),
        plan.newOrders(),
        "%d processors, Java %d, %s"
            .formatted(
                Runtime.getRuntime().availableProcessors(),
                Runtime.version().feature(),
                System.getProperty("os.name")));
  }
}
