package io.countermand.worker;

import io.countermand.codec.IntentCodec;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.Evidence;
import io.countermand.events.DeadLetterReason;
import io.countermand.events.serde.Decoded;
import io.countermand.events.serde.RegistryUnavailableException;
import io.countermand.kafka.DeadLetters;
import io.countermand.kafka.Inbox;
import io.countermand.kafka.TraceHeaders;
import io.countermand.platform.Topics;
import io.countermand.worker.RequestSource.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes as many requests as may be called, starts each on a thread of its own, commits when the
 * ledger answers for all of them, takes the next. Never waits for a venue's answer, unless all
 * permits are out. One thread; stateless.
 */
final class WorkerLoop implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(WorkerLoop.class);
  private static final Duration POLL = Duration.ofMillis(500);

  private final WorkerSettings settings;
  private final String topic;
  private final RequestSource source;
  private final Inbox<io.countermand.events.CancelRequest> inbox;
  private final Post post;
  private final Breaker breaker;
  private final AttemptRun attempts;
  private final Semaphore permits;
  private final WorkerMeters meters;
  private final boolean retries;
  private final DeadLetters deadLetters;
  private volatile boolean stopping;

  WorkerLoop(
      WorkerSettings settings,
      RequestSource source,
      Inbox<io.countermand.events.CancelRequest> inbox,
      Post post,
      Breaker breaker,
      Semaphore permits,
      WorkerMeters meters) {
    this.settings = settings;
    this.topic = source.topic();
    this.source = source;
    this.inbox = inbox;
    this.post = post;
    this.breaker = breaker;
    this.attempts = new AttemptRun(settings, post, breaker, meters);
    this.permits = permits;
    this.meters = meters;
    this.retries = topic.equals(Topics.retries(settings.venue()));
    this.deadLetters =
        new DeadLetters(
            "worker-" + settings.venue() + "-" + settings.connection().instance(),
            meters.deadLetters());
  }

  @Override
  public void run() {
    try {
      while (!stopping) {
        if (settings.governor().paused().isPresent() || breaker.open()) {
          source.idle(); // the queue waits in Kafka
          TimeUnit.MILLISECONDS.sleep(100);
          continue;
        }
        List<ConsumerRecord<byte[], byte[]>> records = source.poll(POLL);
        if (!records.isEmpty()) {
          source.settle(records, take(records));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      source.close();
    }
  }

  /** What it lacks; empty: nothing. */
  Optional<String> missing() {
    return source.missing().map(what -> "group of " + topic + ": " + what);
  }

  String topic() {
    return topic;
  }

  RequestSource source() {
    return source;
  }

  boolean joined() {
    return source.joined();
  }

  /** Stops taking; calls under way go on. */
  void stop() {
    stopping = true;
    source.wakeup();
  }

  private List<Verdict> take(List<ConsumerRecord<byte[], byte[]>> records)
      throws InterruptedException {
    var verdicts = new AtomicReferenceArray<Verdict>(records.size());
    var open = new CountDownLatch(records.size());
    for (int i = 0; i < records.size(); i++) {
      int index = i;
      ConsumerRecord<byte[], byte[]> record = records.get(i);
      if (source.settled(record)) {
        verdicts.set(i, Verdict.DONE);
        open.countDown();
        continue;
      }
      permits.acquire();
      Thread.ofVirtual()
          .name("attempt")
          .start(
              () -> {
                try {
                  one(
                      record,
                      verdict -> {
                        if (verdicts.compareAndSet(index, null, verdict)) {
                          open.countDown();
                        }
                      });
                } finally {
                  permits.release();
                }
              });
    }
    open.await();
    var all = new Verdict[records.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = verdicts.get(i);
    }
    return Arrays.asList(all);
  }

  private void one(ConsumerRecord<byte[], byte[]> record, Consumer<Verdict> handed) {
    var at = new Evidence(record.topic(), record.partition(), record.offset());
    meters.taken(retries, Instant.ofEpochMilli(record.timestamp()), Instant.now());
    try {
      switch (inbox.read(record.topic(), record.value())) {
        case Decoded.Ok<io.countermand.events.CancelRequest>(var value) -> {
          CancelRequest request =
              IntentCodec.fromAvro(value).traced(TraceHeaders.read(record.headers()));
          if (request.cancel().order().venue().equals(settings.venue())) {
            attempts.run(request, at, handed);
          } else {
            giveUp(record, at, DeadLetterReason.UNEXPECTED, "request of another venue", handed);
          }
        }
        case Decoded.Poison<io.countermand.events.CancelRequest>(Decoded.Kind kind, String text) ->
            giveUp(record, at, DeadLetterReason.valueOf(kind.name()), text, handed);
      }
    } catch (RegistryUnavailableException e) {
      handed.accept(Verdict.RELEASE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      handed.accept(Verdict.RELEASE);
    } catch (RuntimeException e) {
      LOG.atError().addKeyValue("record", at).setCause(e).log("record could not be processed");
      handed.accept(Verdict.RELEASE);
    }
  }

  private void giveUp(
      ConsumerRecord<byte[], byte[]> record,
      Evidence at,
      DeadLetterReason reason,
      String text,
      Consumer<Verdict> handed)
      throws InterruptedException {
    boolean written =
        post.durable(
            record.key(),
            deadLetters.of(at, record.timestamp(), record.key(), record.value(), reason, text),
            TraceHeaders.same(record.headers()));
    handed.accept(written ? Verdict.DONE : Verdict.RELEASE);
  }
}
