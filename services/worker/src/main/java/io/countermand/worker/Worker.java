package io.countermand.worker;

import io.countermand.events.CancelRequest;
import io.countermand.events.serde.EventSerdes;
import io.countermand.kafka.Inbox;
import io.countermand.kafka.RoleMeters;
import io.countermand.kafka.TopicCheck;
import io.countermand.platform.Topics;
import io.countermand.venues.limits.Rate;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker of one venue instance: one share of its requests and retries, a virtual thread per call.
 * Fresh requests and retries have loops of their own, so a fresh cancel never queues behind
 * retries.
 *
 * <pre>
 * cancel-requests.&lt;venue&gt; ─> loops ┐                      ┌─> venue
 * cancel-retries.&lt;venue&gt;  ─> loop ─┴─> attempt (thread) ──┴─> cancel-progress
 * </pre>
 */
public final class Worker implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
  private static final Duration REGISTRY_PATIENCE = Duration.ofSeconds(10);
  private static final Duration BREAKER_OPEN_FOR = Duration.ofSeconds(2);

  private final WorkerSettings settings;
  private final EventSerdes serdes;
  private final Post post;
  private final Pauses pauses;
  private final Semaphore permits;
  private final List<WorkerLoop> loops;
  private final List<Thread> threads;
  private final RoleMeters gauges;

  private Worker(
      WorkerSettings settings,
      EventSerdes serdes,
      Post post,
      Pauses pauses,
      Semaphore permits,
      List<WorkerLoop> loops,
      List<Thread> threads,
      RoleMeters gauges) {
    this.settings = settings;
    this.serdes = serdes;
    this.post = post;
    this.pauses = pauses;
    this.permits = permits;
    this.loops = loops;
    this.threads = threads;
    this.gauges = gauges;
  }

  /**
   * Checks that the topics are there, and starts.
   *
   * @param registry for what it counts
   * @throws IllegalStateException if topics are missing or the broker has no share groups
   */
  public static Worker start(WorkerSettings settings, MeterRegistry registry) {
    String requests = Topics.requests(settings.venue());
    String retries = Topics.retries(settings.venue());
    int _ =
        TopicCheck.partitions(
            settings.connection(),
            List.of(Topics.PROGRESS),
            List.of(requests, retries, Topics.DEAD_LETTERS, Topics.PAUSES));
    EventSerdes serdes = settings.connection().serdes();
    var post = new Post(settings.connection(), serdes, "worker-" + settings.venue());
    var inbox = new Inbox<>(serdes.decoder(CancelRequest.class), REGISTRY_PATIENCE);
    var permits = new Semaphore(settings.concurrency(), true);
    Pauses pauses = Pauses.start(settings, post, serdes);
    var meters = new WorkerMeters(registry, settings.venue());
    var breaker = new Breaker(settings.venue(), BREAKER_OPEN_FOR);
    List<WorkerLoop> loops =
        Stream.concat(
                IntStream.rangeClosed(1, takers(settings.source()))
                    .mapToObj(number -> source(settings, requests, number, false)),
                Stream.of(source(settings, retries, 1, true)))
            .map(source -> new WorkerLoop(settings, source, inbox, post, breaker, permits, meters))
            .toList();
    RoleMeters gauges = WorkerGauges.show(registry, settings, breaker, permits);
    post.show(gauges);
    loops.forEach(loop -> loop.source().show(gauges));
    if (settings.source() == WorkerSettings.Source.SHARE) {
      gauges.lag(
          () -> new ShareLag(settings.connection(), settings.venue()),
          Map.of(requests, lag -> lag.of(group(requests)), retries, lag -> lag.of(group(retries))));
    }
    List<Thread> threads =
        loops.stream()
            .map(loop -> Thread.ofPlatform().name("worker-" + settings.venue()).start(loop))
            .toList();
    LOG.atInfo()
        .addKeyValue("venue", settings.venue())
        .addKeyValue("source", settings.source())
        .log("worker started");
    return new Worker(settings, serdes, post, pauses, permits, loops, threads, gauges);
  }

  /**
   * How many take fresh requests. Who has taken some waits until their markers are durable, and
   * asks for no more until then. A consumer group's members would divide the partitions between
   * them; not measured.
   */
  private static int takers(WorkerSettings.Source source) {
    return switch (source) {
      case SHARE -> 3;
      case GROUP -> 1;
    };
  }

  private static RequestSource source(
      WorkerSettings settings, String topic, int number, boolean committed) {
    // No venue's name has a '.': instance "x-2" is not the second consumer of "x".
    String client = "worker-" + topic + (number == 1 ? "" : "." + number);
    String group = group(topic);
    return switch (settings.source()) {
      case SHARE ->
          new ShareSource(settings.connection(), topic, client, group, settings.batch(), committed);
      case GROUP ->
          new GroupSource(
              settings.connection(),
              topic,
              client,
              group + ".group",
              settings.batch(),
              turn(settings.budget().share()),
              committed);
    };
  }

  /**
   * Kafka's five minutes, or at a slow rate the time of fifty calls, so that a batch of each loop
   * of each venue of the credential has its turn.
   */
  private static Duration turn(Rate rate) {
    Duration fifty = rate.period().multipliedBy(50).dividedBy(rate.permits());
    return Duration.ofMillis(Math.clamp(fifty.toMillis(), 300_000, Integer.MAX_VALUE));
  }

  private static String group(String topic) {
    return "countermand-worker." + topic;
  }

  /** Whether its loops run and have joined their groups. */
  public boolean ready() {
    return !failed() && loops.stream().allMatch(WorkerLoop::joined);
  }

  /**
   * What it lacks; empty: ready. A venue that merely asks to wait is not missing, one that refused
   * the credential is. Whether it accepts it is known after the first call only.
   */
  public List<String> missing() {
    List<String> missing = new ArrayList<>();
    for (int i = 0; i < loops.size(); i++) {
      if (!threads.get(i).isAlive()) {
        missing.add("loop of " + loops.get(i).topic() + " has ended");
      } else {
        loops.get(i).missing().ifPresent(missing::add);
      }
    }
    settings
        .governor()
        .paused()
        .filter(
            pause ->
                switch (pause.cause()) {
                  case UNAUTHORIZED, LOCKED_OUT -> true;
                  case RATE_LIMITED, OPERATOR -> false;
                })
        .ifPresent(
            pause ->
                missing.add(
                    "venue "
                        + settings.venue()
                        + " "
                        + pause.cause()
                        + ", no call before "
                        + pause.until()
                        + ": "
                        + pause.text()));
    return missing;
  }

  /** Whether a loop has ended, which none does by itself. */
  public boolean failed() {
    return !threads.stream().allMatch(Thread::isAlive);
  }

  /** Stops taking, waits for the calls under way, within the drain time in all. */
  @Override
  public void close() {
    loops.forEach(WorkerLoop::stop);
    boolean drained = false;
    long end = System.nanoTime() + settings.drain().toNanos();
    try {
      for (Thread thread : threads) {
        thread.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
      }
      drained =
          permits.tryAcquire(settings.concurrency(), end - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    gauges.close();
    pauses.close();
    post.close();
    settings.adapter().close();
    serdes.close();
    LOG.atInfo()
        .addKeyValue("venue", settings.venue())
        .addKeyValue("drained", drained)
        .log("worker stopped");
  }
}
