package io.countermand.door;

import io.countermand.client.ClientException;
import io.countermand.client.Connection;
import io.countermand.client.EventRecord;
import io.countermand.client.EventStream;
import io.countermand.client.Positions;
import io.countermand.events.MassCancel;
import io.countermand.events.MassReport;
import io.countermand.events.MassState;
import io.countermand.platform.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest report of each mass cancel, read from the topic from a day before the start on (as
 * long as the ledger knows an id), and who waits for one. Thread-safe.
 */
final class RecentReports implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RecentReports.class);
  private static final Duration BACK = Duration.ofDays(1);
  private static final Duration ROUND = Duration.ofMillis(500);
  private static final Duration STALE = Duration.ofSeconds(10);

  /** Mass cancels. */
  private static final int MOST = 10_000;

  /** Accounts, orders and lines of all reports: some tens of MB. */
  private static final int MOST_ROWS = 50_000;

  private final MassPipeline pipeline;
  private final KeptReports reports = new KeptReports(MOST, MOST_ROWS);
  private final Map<String, List<Waiting>> waiting = new HashMap<>();
  private final EventStream<MassReport> stream;
  private final Positions end;
  private final Thread thread;
  private volatile boolean caughtUp;
  private volatile boolean closing;
  private volatile boolean closed;
  private volatile long polled = System.nanoTime();

  /** What a report is to who asked. */
  enum Match {
    /** What became of it. */
    ITS,
    /** Of another mass cancel that has its id; nothing is done for this one. */
    ANOTHERS,
    /** Of an earlier one that was refused, or released something: its id is free. */
    NONE
  }

  /** Somebody who asked; to be closed by him. */
  final class Waiting implements AutoCloseable {

    private final MassCancel mass;
    private final CompletableFuture<MassReport> answer = new CompletableFuture<>();

    private Waiting(MassCancel mass) {
      this.mass = mass;
    }

    /**
     * The last report of it; empty: none came in time.
     *
     * @throws ProblemResponse if its id is another's, or the door closes
     */
    Optional<MassReport> within(Duration time) throws InterruptedException {
      try {
        return Optional.of(answer.get(time.toMillis(), TimeUnit.MILLISECONDS));
      } catch (TimeoutException e) {
        return Optional.empty();
      } catch (ExecutionException e) {
        throw e.getCause() instanceof ProblemResponse known ? known : new IllegalStateException(e);
      }
    }

    private void hear(MassReport report) {
      Match match = match(mass, report);
      if (match == Match.ANOTHERS) {
        answer.completeExceptionally(inUse(mass));
      } else if (match == Match.ITS && pipeline.last(report)) {
        answer.complete(report);
      }
    }

    @Override
    public void close() {
      synchronized (reports) {
        waiting.computeIfPresent(
            mass.getMassId(),
            (_, all) -> {
              all.remove(this);
              return all.isEmpty() ? null : all;
            });
      }
    }
  }

  private RecentReports(Connection connection, MassPipeline pipeline) {
    this.pipeline = pipeline;
    this.stream = open(connection).from(Instant.now().minus(BACK)).open();
    try (EventStream<MassReport> newest = open(connection).fromNow().open()) {
      this.end = newest.positions();
    } catch (RuntimeException e) {
      stream.close();
      throw e;
    }
    this.thread = Thread.ofPlatform().daemon().name("door-mass-reports").unstarted(this::run);
  }

  private static EventStream.Builder<MassReport> open(Connection connection) {
    return EventStream.of(connection, Topics.MASS_REPORTS, MassReport.class);
  }

  /**
   * @throws ClientException if the topic cannot be read
   */
  static RecentReports follow(Connection connection, MassPipeline pipeline) {
    var reports = new RecentReports(connection, pipeline);
    reports.thread.start();
    return reports;
  }

  static ProblemResponse inUse(MassCancel mass) {
    return new ProblemResponse(
        409,
        "ID_IN_USE",
        "the massId '"
            + mass.getMassId()
            + "' stood for another mass cancel before: nothing was done for this one; ask under"
            + " another Idempotency-Key");
  }

  Optional<MassReport> find(String massId) {
    synchronized (reports) {
      return reports.find(massId);
    }
  }

  /** From now on it hears each report of it. */
  Waiting await(MassCancel mass) {
    var one = new Waiting(mass);
    synchronized (reports) {
      waiting.computeIfAbsent(mass.getMassId(), _ -> new ArrayList<>()).add(one);
    }
    if (closing) {
      one.answer.completeExceptionally(closes());
    }
    return one;
  }

  /**
   * The ledger takes a mass cancel once under an id, and a refused one or a release not at all.
   *
   * @param asked may be the same one again, with a time of its own
   */
  Match match(MassCancel asked, MassReport report) {
    MassCancel told = report.getMass();
    boolean free = report.getState() == MassState.REFUSED || told.getReleases() != null;
    if (pipeline.same(asked, told)) {
      return report.getState() == MassState.REFUSED
              && !asked.getCreatedAt().equals(told.getCreatedAt())
          ? Match.NONE
          : Match.ITS;
    }
    return free ? Match.NONE : Match.ANOTHERS;
  }

  /** Whether it has read what was there when it was opened. */
  boolean caughtUp() {
    return caughtUp;
  }

  /** Whether it has read all that was there some seconds ago. */
  boolean current() {
    return caughtUp && System.nanoTime() - polled < STALE.toNanos();
  }

  private void add(EventRecord<MassReport> record) {
    MassReport report = record.value();
    String massId = report.getMass().getMassId();
    List<Waiting> hear;
    synchronized (reports) {
      reports.put(report);
      hear = List.copyOf(waiting.getOrDefault(massId, List.of()));
    }
    hear.forEach(each -> each.hear(report));
  }

  private void run() {
    try (stream) {
      while (!closed) {
        try {
          stream.poll(ROUND).forEach(this::add);
          polled = System.nanoTime();
          caughtUp = caughtUp || stream.positions().reach(end);
        } catch (ClientException e) {
          LOG.atWarn()
              .addKeyValue("error", e.getMessage())
              .log("reports of mass cancels cannot be read, trying on");
          LockSupport.parkNanos(ROUND.toNanos());
        }
      }
    }
  }

  private static ProblemResponse closes() {
    return new ProblemResponse(
        503,
        "CLOSED",
        "the door closes; whether the mass cancel was published is not known: ask again under the"
            + " same Idempotency-Key");
  }

  /** Who waits hears that the door closes. */
  void letGo() {
    closing = true;
    List<Waiting> all;
    synchronized (reports) {
      all = waiting.values().stream().flatMap(List::stream).toList();
    }
    all.forEach(each -> each.answer.completeExceptionally(closes()));
  }

  /** Returns when the thread has ended, or is interrupted. */
  @Override
  public void close() {
    letGo();
    closed = true;
    stream.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
