package io.countermand.app.chaos;

import io.countermand.audit.source.AuditRules;
import io.countermand.domain.order.OrderRef;
import io.countermand.kafka.KafkaConnection;
import io.countermand.kafka.client.IntentPublisher;
import io.countermand.kafka.client.OutcomeReader;
import io.countermand.simulator.journal.OrderRecord;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Plays a flow to a pipeline that runs elsewhere, and compares the books when all outcomes are in.
 * What happens to the pipeline meanwhile is somebody else's.
 */
public final class FlowRun {

  private static final Duration PART = Duration.ofSeconds(5);

  /** For the pipeline to answer one cancel at each venue. */
  private static final Duration READY_WITHIN = Duration.ofMinutes(2);

  /** Nothing new for so long after the last deadline: nothing comes any more. */
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Options options;
  private final KafkaConnection connection;
  private final Consumer<String> line;
  private final Consumer<String> progress;
  private final BooleanSupplier stop;

  private FlowRun(
      Options options,
      KafkaConnection connection,
      Consumer<String> line,
      Consumer<String> progress,
      BooleanSupplier stop) {
    this.options = options;
    this.connection = connection;
    this.line = line;
    this.progress = progress;
    this.stop = stop;
  }

  /**
   * What to play.
   *
   * @param until the flow ends when this file exists; null: after so many intents
   * @param simulator where its HTTP server is
   * @param venues adapter by instance name
   * @param salt makes this flow's ids differ from those of an earlier one with the same seed
   * @param rules for the audit
   * @param audit where its report goes; null: no audit
   */
  public record Options(
      int intents,
      double rate,
      @Nullable Path until,
      long seed,
      long salt,
      URI simulator,
      Map<String, String> venues,
      AuditRules rules,
      @Nullable Path audit) {}

  /**
   * @param line hears what stays on the screen; "began" once the pipeline is known to work
   * @param progress hears the present state, often
   * @param stop ends it early, with an exception
   * @throws IOException if the simulator does not tell its journal
   * @throws IllegalStateException if the pipeline does not answer at all
   */
  public static FlowReport run(
      Options options,
      KafkaConnection connection,
      Consumer<String> line,
      Consumer<String> progress,
      BooleanSupplier stop)
      throws IOException, InterruptedException {
    return new FlowRun(options, connection, line, progress, stop).run();
  }

  private FlowReport run() throws IOException, InterruptedException {
    FlowNames names = FlowNames.of(options.salt(), options.venues());
    try (var admin = new SimulatorAdmin(options.simulator());
        var follower = new OutcomeFollower(connection);
        var publisher = new IntentPublisher(connection)) {
      warmUp(names, admin, follower, publisher);
      Instant began = Instant.now();
      line.accept(
          String.format(
              Locale.ROOT,
              "began: %s%,d intents, %.0f per second, seed %d",
              options.until() == null ? "" : "at most ",
              options.intents(),
              options.rate(),
              options.seed()));
      OrderPlayer player = new OrderPlayer(admin, publisher, began);
      Set<OrderRef> orders = play(names, began, player, follower);
      finish(player, follower);
      line.accept("comparing the books");
      return compare(names, began, orders, admin, player, follower);
    }
  }

  /** A part of the flow after the other, each when its time has come; returns all their orders. */
  private Set<OrderRef> play(
      FlowNames names, Instant began, OrderPlayer player, OutcomeFollower follower)
      throws InterruptedException {
    Random random = new Random(options.seed());
    Set<OrderRef> orders = new HashSet<>();
    int most = Math.max(1, Math.toIntExact(Math.round(options.rate() * PART.toSeconds())));
    Instant start = began;
    for (int part = 0, left = options.intents(); left > 0 && !ended(); part++) {
      int count = Math.min(most, left);
      Duration length = Duration.ofMillis(Math.round(count * 1000 / options.rate()));
      List<OrderScript> flow = OrderScript.flow(random, count, length, names.part(part));
      flow.forEach(script -> orders.add(script.order()));
      player.play(flow, start);
      start = start.plus(length);
      left -= count;
      while (Instant.now().isBefore(start)) {
        pause("playing", player, follower);
      }
    }
    return orders;
  }

  private boolean ended() {
    return options.until() != null && Files.exists(options.until());
  }

  /** One cancel at each venue goes all the way before the flow begins; counted nowhere. */
  private void warmUp(
      FlowNames names, SimulatorAdmin admin, OutcomeFollower follower, IntentPublisher publisher)
      throws InterruptedException {
    List<OrderScript> scripts = new ArrayList<>();
    Random random = new Random(~options.seed());
    for (int n = 0; n < names.venues().size(); n++) {
      scripts.add(OrderScript.plain(names.order(random, n), "warm-up-" + names.cancel(n)));
    }
    OrderPlayer player = new OrderPlayer(admin, publisher, Instant.now());
    player.play(scripts);
    Instant end = Instant.now().plus(READY_WITHIN);
    while (!player.idle() || follower.answered(player.begun().keySet()) < scripts.size()) {
      if (Instant.now().isAfter(end)) {
        throw new IllegalStateException(
            "the pipeline answered only %d of %d cancels within %d s"
                .formatted(
                    follower.answered(player.begun().keySet()),
                    scripts.size(),
                    READY_WITHIN.toSeconds()));
      }
      pause("waiting for the pipeline", player, follower);
    }
  }

  private void finish(OrderPlayer player, OutcomeFollower follower) throws InterruptedException {
    Instant end = Instant.now().plus(OrderScript.LONGEST_LIFE).plus(PATIENCE);
    long answered = 0;
    while (Instant.now().isBefore(end)) {
      long now = follower.answered(player.acknowledged().keySet());
      if (player.idle() && now == player.begun().size()) {
        break;
      }
      if (now > answered) {
        answered = now;
        Instant later = Instant.now().plus(PATIENCE);
        end = later.isAfter(end) ? later : end;
      }
      pause("played", player, follower);
    }
    Thread.sleep(2_000); // a duplicate, if there is one, follows soon
  }

  private void pause(String what, OrderPlayer player, OutcomeFollower follower)
      throws InterruptedException {
    if (stop.getAsBoolean()) {
      throw new IllegalStateException("stopped");
    }
    progress.accept(
        "%s: intents %,d, answered %,d"
            .formatted(
                what,
                player.acknowledged().size(),
                follower.answered(player.acknowledged().keySet())));
    Thread.sleep(100);
  }

  private FlowReport compare(
      FlowNames names,
      Instant began,
      Set<OrderRef> orders,
      SimulatorAdmin admin,
      OrderPlayer player,
      OutcomeFollower follower)
      throws IOException, InterruptedException {
    Map<OrderRef, OrderRecord> histories = admin.journal().histories();
    histories.keySet().retainAll(orders);
    var books =
        new Reconciliation(
            player.acknowledged(),
            OutcomeFollower.all(connection).stream().filter(read -> own(names, read)).toList(),
            histories,
            ProgressLog.read(connection));
    RunReport report =
        RunReport.of(
            1,
            options.seed(),
            Duration.between(began, Instant.now()),
            books,
            player.begun().keySet(),
            follower.reads().stream().filter(read -> own(names, read)).toList(),
            Map.of(),
            options.audit() == null
                ? List.of()
                : ChaosRun.audit(connection, options.rules(), options.audit()));
    return new FlowReport(report, CallGaps.of(books));
  }

  private static boolean own(FlowNames names, OutcomeReader.Read read) {
    return read.outcome().cancel().cancelId().startsWith(names.prefix());
  }
}
