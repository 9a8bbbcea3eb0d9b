package io.countermand.client;

import io.countermand.events.MassCancel;
import io.countermand.events.MassReport;
import io.countermand.events.MassScope;
import io.countermand.events.MassState;
import io.countermand.events.serde.EventSerdes;
import io.countermand.platform.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cancels all open orders of a scope, fires and releases kill switches, and hears the reports.
 *
 * <pre>{@code
 * try (MassCancelClient client = MassCancelClient.connect(Connection.of("localhost:9092", registry))) {
 *   CompletableFuture<MassReport> last =
 *       client.massCancel(MassScope.newBuilder().setVenue("crosstrade").setAccount("Sim101").build())
 *           .by("jane").because("limit breached").send();
 * }
 * }</pre>
 *
 * <p>Thread-safe. One for a process is enough: it has a producer, and one reader of all reports.
 * How long a mass cancel takes is the venues' matter, so the future has no time of its own: wait as
 * long as you like, and ask again under the same id if you must. Which kill switches are on: {@link
 * KillSwitchesOn}.
 */
public final class MassCancelClient implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(MassCancelClient.class);
  private static final Duration ROUND = Duration.ofMillis(500);
  private static final Duration FLUSH = Duration.ofSeconds(10);

  private final EventSerdes serdes;
  private final Serializer<MassCancel> values;
  private final Producer<byte[], byte[]> producer;
  private final EventStream<MassReport> stream;
  private final List<Waiting> waiting = new CopyOnWriteArrayList<>();
  private final Thread thread;
  private volatile boolean closed;

  /** Who asked, and hears. */
  private record Waiting(
      MassCancel asked, Consumer<MassReport> hears, CompletableFuture<MassReport> last) {}

  private MassCancelClient(Connection connection) {
    this.stream = EventStream.of(connection, Topics.MASS_REPORTS, MassReport.class).open();
    this.serdes = connection.serdes();
    this.values = serdes.serializer(MassCancel.class);
    this.producer =
        new KafkaProducer<>(
            connection.producer("mass-cancels"),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    this.thread =
        Thread.ofPlatform().daemon().name("countermand-mass-reports").unstarted(this::run);
  }

  /**
   * Waits until it can miss no report.
   *
   * @throws ClientException that says what is missing and what to do
   */
  public static MassCancelClient connect(Connection connection) {
    var client = new MassCancelClient(connection);
    client.thread.start();
    return client;
  }

  /**
   * @param scope what is given must all hold; everything is {@code all}, which must be said
   */
  public MassCancelDraft massCancel(MassScope scope) {
    return new MassCancelDraft(this, scope, null);
  }

  /**
   * The end of a kill switch.
   *
   * @param massId of the mass cancel that was kept
   */
  public MassCancelDraft release(String massId) {
    return new MassCancelDraft(this, new MassScope(), massId);
  }

  /** Whether nothing more is to come, unless late. */
  public static boolean isLast(MassReport report) {
    return report.getState() == MassState.DONE
        || report.getState() == MassState.REFUSED
        || report.getState() == MassState.INCOMPLETE;
  }

  /** Whether everything in scope is known to be over, and all of the scope was looked at. */
  public static boolean isFlat(MassReport report) {
    return report.getState() == MassState.DONE
        && report.getMayBeOpen() == 0
        && report.getNotCovered().isEmpty();
  }

  CompletableFuture<MassReport> send(MassCancel asked, Consumer<MassReport> hears) {
    var one = new Waiting(asked, hears, new CompletableFuture<>());
    waiting.add(one);
    var _ = one.last.whenComplete((_, _) -> waiting.remove(one));
    if (closed) {
      one.last.completeExceptionally(closed(asked));
      return one.last;
    }
    try {
      byte[] value = values.serialize(Topics.MASS_CANCELS, asked);
      byte[] key = asked.getMassId().getBytes(StandardCharsets.UTF_8);
      var _ =
          producer.send(
              new ProducerRecord<>(Topics.MASS_CANCELS, key, value),
              (_, error) -> {
                if (error != null) {
                  one.last.completeExceptionally(failed(asked, error));
                }
              });
    } catch (RuntimeException e) {
      one.last.completeExceptionally(failed(asked, e));
    }
    return one.last;
  }

  private static ClientException failed(MassCancel asked, Exception error) {
    return ClientException.of(
        "mass cancel "
            + asked.getMassId()
            + ": not known to be published; ask again under the same id",
        error);
  }

  private static ClientException closed(MassCancel asked) {
    return new ClientException(
        Problem.CLOSED,
        "mass cancel "
            + asked.getMassId()
            + ": the client was closed before the last report; what was published goes on",
        null);
  }

  private void run() {
    while (!closed) {
      try {
        stream.poll(ROUND).forEach(each -> hear(each.value()));
      } catch (ClientException e) {
        LOG.atWarn()
            .addKeyValue("error", e.getMessage())
            .log("reports of mass cancels cannot be read, trying on");
        LockSupport.parkNanos(ROUND.toNanos());
      }
    }
    stream.close();
  }

  private void hear(MassReport report) {
    for (Waiting one : waiting) {
      if (one.asked.getMassId().equals(report.getMass().getMassId())) {
        hear(one, report);
      }
    }
  }

  private static void hear(Waiting one, MassReport report) {
    if (!same(one.asked, report.getMass())) {
      one.last.completeExceptionally(
          new ClientException(
              Problem.ID_IN_USE,
              "mass cancel "
                  + one.asked.getMassId()
                  + ": its id stood for another one before, so NOTHING was done for this one; ask"
                  + " under another id",
              null));
      return;
    }
    try {
      one.hears.accept(report);
    } catch (RuntimeException e) { // the caller's own
      LOG.atError().setCause(e).log("who heard a report failed");
    }
    if (isLast(report)) {
      one.last.complete(report);
    }
  }

  /** As the ledger compares them; texts that it would cut are not sent. */
  private static boolean same(MassCancel asked, MassCancel told) {
    return asked.getScope().equals(told.getScope())
        && asked.getDryRun() == told.getDryRun()
        && asked.getKeep() == told.getKeep()
        && asked.getIncludingPositionClose() == told.getIncludingPositionClose()
        && Objects.equals(asked.getReleases(), told.getReleases())
        && told.getBy().equals(asked.getBy())
        && told.getReason().equals(asked.getReason());
  }

  /** Ids of what was asked for, and has no last report yet. */
  public List<String> open() {
    return waiting.stream()
        .filter(each -> !each.last.isDone()) // who waits for that hears of it before this does
        .map(each -> each.asked.getMassId())
        .toList();
  }

  /** Gives Kafka what it was given, for 10 s at the most; who waits hears that it is closed. */
  @Override
  public void close() {
    producer.close(FLUSH);
    closed = true;
    stream.wakeup();
    if (!Thread.currentThread().equals(thread)) { // else by who heard a report: it ends by itself
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    for (Waiting one : new ArrayList<>(waiting)) {
      one.last.completeExceptionally(closed(one.asked));
    }
    serdes.close();
  }
}
