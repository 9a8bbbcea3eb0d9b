package io.countermand.client;

import io.countermand.events.CancelOutcome;
import io.countermand.events.serde.Decoded;
import io.countermand.events.serde.EventDecoder;
import io.countermand.events.serde.RegistryUnavailableException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who waits for which outcome: a cancelId is unique per order only, so both must match. Only
 * records of orders that somebody waits for are decoded. Thread-safe.
 */
final class PendingCancels {

  private static final Logger LOG = LoggerFactory.getLogger(PendingCancels.class);

  /** For a schema that is not known yet. */
  private static final Duration ANSWERED_SOON = Duration.ofMillis(200);

  private final EventDecoder<CancelOutcome> decoder;

  /** None is locked while all are looked through: there may be hundreds of thousands. */
  private final Map<String, List<SentCancel>> byKey = new ConcurrentHashMap<>();

  /** Records that the registry could not explain yet. */
  private final Queue<ConsumerRecord<byte[], byte[]>> unread = new ConcurrentLinkedQueue<>();

  private volatile boolean closed;
  private volatile @Nullable String trouble;

  PendingCancels(EventDecoder<CancelOutcome> decoder) {
    this.decoder = decoder;
  }

  /**
   * @throws ClientException if closed
   */
  void add(SentCancel sent) {
    byKey.merge(
        sent.order().key(),
        List.of(sent),
        (some, one) -> Stream.concat(some.stream(), one.stream()).toList());
    if (closed) { // looked at last: who closes sees what came before
      remove(sent);
      throw new ClientException(
          Problem.CLOSED, sent + ": the client is closed, nothing sent", null);
    }
    var _ = sent.record().whenComplete((_, _) -> remove(sent));
  }

  private void remove(SentCancel sent) {
    byKey.computeIfPresent(
        sent.order().key(),
        (_, some) -> {
          List<SentCancel> left = some.stream().filter(each -> each != sent).toList();
          return left.isEmpty() ? null : left;
        });
  }

  /** Without those that have just ended: whoever waits for a future may hear of it before this. */
  List<SentCancel> open() {
    return each().toList();
  }

  private Stream<SentCancel> each() {
    return byKey.values().stream().flatMap(List::stream).filter(sent -> !sent.record().isDone());
  }

  void close() {
    closed = true;
  }

  /** Never throws: one record that cannot be taken loses no other. */
  void offer(ConsumerRecord<byte[], byte[]> record) {
    try {
      take(record);
    } catch (Throwable e) { // who waits for it is told when its time is over, and why
      trouble = e.toString();
      LOG.atError()
          .addKeyValue("partition", record.partition())
          .addKeyValue("offset", record.offset())
          .setCause(e)
          .log("outcome cannot be taken");
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    if (record.key() == null) {
      return;
    }
    List<SentCancel> waiting = waiting(new String(record.key(), StandardCharsets.UTF_8));
    if (waiting.isEmpty()) {
      return;
    }
    try {
      // A registry that takes its time holds up no other outcome and no deadline: one waits.
      Duration moment = unread.isEmpty() ? ANSWERED_SOON : Duration.ZERO;
      switch (decoder.decode(record.topic(), record.value(), Instant.now(), moment)) {
        case Decoded.Ok<CancelOutcome>(CancelOutcome outcome) -> {
          trouble = null;
          waiting.stream()
              .filter(sent -> sent.cancelId().equals(outcome.getCancel().getCancelId()))
              .forEach(sent -> sent.answer(EventRecord.of(outcome, record)));
        }
        case Decoded.Poison<CancelOutcome>(Decoded.Kind kind, String text) ->
            LOG.atError()
                .addKeyValue("partition", record.partition())
                .addKeyValue("offset", record.offset())
                .addKeyValue("kind", kind)
                .addKeyValue("text", text)
                .log("outcome cannot be read");
      }
    } catch (RegistryUnavailableException e) {
      trouble = e.getMessage();
      unread.add(record);
    }
  }

  private List<SentCancel> waiting(String key) {
    return byKey.getOrDefault(key, List.of());
  }

  /** Tries once more what could not be read. */
  void again() {
    for (int left = unread.size(); left > 0; left--) {
      ConsumerRecord<byte[], byte[]> record = unread.poll();
      if (record != null) {
        offer(record);
      }
    }
  }

  void troubled(@Nullable String by) {
    trouble = by;
  }

  void expire(long nanoNow) {
    each().forEach(sent -> sent.expire(nanoNow, trouble));
  }

  void fail(ClientException error) {
    each().forEach(sent -> sent.fail(error));
  }
}
