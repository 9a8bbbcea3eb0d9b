package io.countermand.app.chaos;

import io.countermand.audit.Audit;
import io.countermand.audit.source.AuditRules;
import io.countermand.kafka.KafkaConnection;
import io.countermand.kafka.client.IntentPublisher;
import io.countermand.simulator.journal.Journal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** One run: everything is started anew, struck, brought up again, waited for, and compared. */
final class ChaosRun {

  /** The flow lasts about as long as the blows fall. */
  private static final Duration PER_BLOW = Duration.ofSeconds(7);

  private static final Duration LONGEST_GAP = Duration.ofSeconds(25);

  /** After the last deadline: grace, and the start of whatever was killed last. */
  private static final Duration MARGIN = Duration.ofSeconds(60);

  private final Chaos.Options options;
  private final int run;
  private final Path directory;
  private final Consumer<String> progress;
  private final BooleanSupplier stop;

  ChaosRun(
      Chaos.Options options,
      int run,
      Path directory,
      Consumer<String> progress,
      BooleanSupplier stop) {
    this.options = options;
    this.run = run;
    this.directory = directory;
    this.progress = progress;
    this.stop = stop;
  }

  RunReport run() throws IOException, InterruptedException {
    long seed = options.seed() + run - 1;
    Random random = new Random(seed);
    List<SignalFault> plan = SignalFault.plan(random, options.kills());
    Duration length = PER_BLOW.multipliedBy(plan.size());
    List<OrderScript> flow = OrderScript.flow(random, options.intents(), length);
    Instant began = Instant.now();
    say("starting the platform");
    try (PipelineProcesses stack = PipelineProcesses.start(directory, 0, seed)) {
      stack.fleet().start();
      try (var follower = new OutcomeFollower(stack.connection());
          var publisher = new IntentPublisher(stack.connection())) {
        say("starting the roles");
        warmUp(stack, follower, publisher);
        OrderPlayer player = new OrderPlayer(stack.admin(), publisher, Instant.now());
        player.play(flow);
        strike(plan, player, follower, stack);
        finish(player, follower, stack);
        return compare(began, seed, stack, player, follower);
      }
    }
  }

  /** Nothing is struck before one cancel has gone all the way. */
  private void warmUp(PipelineProcesses stack, OutcomeFollower follower, IntentPublisher publisher)
      throws InterruptedException {
    OrderPlayer player = new OrderPlayer(stack.admin(), publisher, Instant.now());
    player.play(OrderScript.warmUp());
    await(player, follower, Instant.now().plusSeconds(30), stack);
    if (follower.answered(player.begun().keySet()) == 0) {
      throw new IllegalStateException(
          "no outcome within 90 s of the start; see the logs in " + directory.resolve("logs"));
    }
  }

  /**
   * Strikes what works: the next blow waits for some outcomes since the last one (half of what the
   * flow asks for in that time), but not for ever. Returns when all have fallen and what was killed
   * runs again.
   */
  private void strike(
      List<SignalFault> plan, OrderPlayer player, OutcomeFollower follower, PipelineProcesses stack)
      throws InterruptedException {
    int alive = options.intents() / plan.size() / 2;
    List<Thread> blows = new ArrayList<>();
    for (SignalFault blow : plan) {
      Thread.sleep(blow.gap());
      long enough = follower.answered(player.acknowledged().keySet()) + alive;
      Instant end = Instant.now().plus(LONGEST_GAP);
      while (!player.idle()
          && Instant.now().isBefore(end)
          && follower.answered(player.acknowledged().keySet()) < enough) {
        show(player, follower, stack);
        Thread.sleep(100);
      }
      blows.add(Thread.ofVirtual().name("blow").start(() -> stack.fleet().strike(blow)));
    }
    for (Thread blow : blows) {
      while (!blow.join(Duration.ofMillis(500))) {
        show(player, follower, stack);
      }
    }
  }

  private void finish(OrderPlayer player, OutcomeFollower follower, PipelineProcesses stack)
      throws InterruptedException {
    Instant end = Instant.now().plus(MARGIN);
    while (!player.idle() && Instant.now().isBefore(end)) {
      show(player, follower, stack);
      Thread.sleep(100);
    }
    Instant latest =
        player.begun().values().stream()
            .map(sent -> sent.intent().deadline())
            .filter(Objects::nonNull)
            .max(Instant::compareTo)
            .orElse(Instant.now());
    await(player, follower, latest, stack);
    Thread.sleep(2_000); // a duplicate, if there is one, follows soon
  }

  /** Gives up when, so long after the time, there was no new outcome and nothing was started. */
  private void await(
      OrderPlayer player, OutcomeFollower follower, Instant time, PipelineProcesses stack)
      throws InterruptedException {
    Instant end = time.plus(MARGIN);
    long answered = 0;
    Map<String, Integer> counts = Map.of();
    while (Instant.now().isBefore(end)) {
      long now = follower.answered(player.acknowledged().keySet());
      if (player.idle() && now == player.acknowledged().size()) {
        return;
      }
      if (now > answered || !stack.fleet().counts().equals(counts)) {
        answered = now;
        counts = stack.fleet().counts();
        Instant later = Instant.now().plus(MARGIN);
        end = later.isAfter(end) ? later : end;
      }
      show(player, follower, stack);
      Thread.sleep(100);
    }
  }

  private RunReport compare(
      Instant began,
      long seed,
      PipelineProcesses stack,
      OrderPlayer player,
      OutcomeFollower follower)
      throws IOException {
    say("comparing the books");
    var books =
        new Reconciliation(
            player.acknowledged(),
            OutcomeFollower.all(stack.connection()).stream()
                .filter(read -> !OrderScript.isWarmUp(read.outcome().cancel().cancelId()))
                .toList(),
            Journal.read(stack.config().journal()).histories(),
            ProgressLog.read(stack.connection()));
    return RunReport.of(
        run,
        seed,
        Duration.between(began, Instant.now()),
        books,
        player.begun().keySet(),
        follower.reads(),
        stack.fleet().counts(),
        audit(stack.connection(), stack.rules(), directory.resolve("audit")));
  }

  /** What the audit finds in the topics as they are; its report stays in the directory. */
  static List<String> audit(KafkaConnection connection, AuditRules rules, Path report)
      throws IOException {
    List<String> lines = new ArrayList<>();
    int code =
        Audit.run(
            connection,
            rules,
            new Audit.Options(
                null,
                null,
                MARGIN,
                new Audit.Only(null, null),
                report,
                2,
                256,
                false,
                (done, all) -> {}),
            lines::add);
    return code == 0 ? List.of() : lines;
  }

  private void show(OrderPlayer player, OutcomeFollower follower, PipelineProcesses stack) {
    if (stop.getAsBoolean()) {
      throw new IllegalStateException("stopped");
    }
    Map<String, OrderPlayer.Sent> sent = player.acknowledged();
    say(
        "intents %,d, answered %,d; %s"
            .formatted(sent.size(), follower.answered(sent.keySet()), stack.fleet().counts()));
  }

  private void say(String text) {
    progress.accept("run %d of %d: %s".formatted(run, options.runs(), text));
  }
}
