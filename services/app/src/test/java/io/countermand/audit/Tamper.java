package io.countermand.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.codec.HeartbeatCodec;
import io.countermand.codec.MassCodec;
import io.countermand.domain.mass.DeadManSwitch;
import io.countermand.domain.mass.Heartbeat;
import io.countermand.domain.mass.MassCancel;
import io.countermand.domain.mass.MassReport;
import io.countermand.domain.mass.MassScope;
import io.countermand.events.AttemptReplied;
import io.countermand.events.AttemptStarted;
import io.countermand.events.Cancel;
import io.countermand.events.CancelIntent;
import io.countermand.events.CancelOutcome;
import io.countermand.events.CancelProgress;
import io.countermand.events.CancelRequest;
import io.countermand.events.CancelResult;
import io.countermand.events.DeadLetter;
import io.countermand.events.DeadLetterReason;
import io.countermand.events.DeadManEvent;
import io.countermand.events.Evidence;
import io.countermand.events.Refused;
import io.countermand.events.RequestKind;
import io.countermand.events.Routed;
import io.countermand.events.serde.EventSerdes;
import io.countermand.platform.Topics;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** Finds records in a history and changes it. */
final class Tamper {

  private final MemorySource history;
  private final EventSerdes serdes;

  Tamper(MemorySource history, EventSerdes serdes) {
    this.history = history;
    this.serdes = serdes;
  }

  <T extends SpecificRecord> T value(ConsumerRecord<byte[], byte[]> record, Class<T> type) {
    return Objects.requireNonNull(
        serdes.deserializer(type).deserialize(record.topic(), record.value()));
  }

  private <T extends SpecificRecord> ConsumerRecord<byte[], byte[]> find(
      String topic, Class<T> type, Predicate<T> which) {
    return history.records.stream()
        .filter(r -> r.topic().equals(topic) && r.value() != null && r.value()[0] == 0)
        .filter(r -> which.test(value(r, type)))
        .findFirst()
        .orElseThrow();
  }

  /** Of a cancel that the venue has carried out at once, and of no other. */
  ConsumerRecord<byte[], byte[]> canceled() {
    return find(
        Topics.OUTCOMES,
        CancelOutcome.class,
        v ->
            v.getResult() == CancelResult.CANCELED
                && v.getJoinedTo() == null
                && v.getCancel().getVenue().equals(Recorded.VENUE)
                && v.getAttempts().size() == 1
                && v.getAttempts().getFirst().getSent()
                && patient(v.getCancel())
                && alone(v.getCancel().getCancelId(), v.getCancel().getOrderId()));
  }

  /** What is said after its deadline is later than clocks are apart. */
  private static boolean patient(Cancel cancel) {
    return cancel.getDeadline().isAfter(cancel.getReceivedAt().plusSeconds(20));
  }

  private boolean alone(String cancelId, String orderId) {
    long intents =
        history.records.stream()
            .filter(r -> r.topic().equals(Topics.INTENTS) && r.value() != null)
            .filter(r -> new String(r.value(), StandardCharsets.ISO_8859_1).contains(orderId))
            .count();
    return intents == 1 && !cancelId.isEmpty();
  }

  private String cancelId() {
    return value(canceled(), CancelOutcome.class).getCancel().getCancelId();
  }

  ConsumerRecord<byte[], byte[]> intent() {
    String id = cancelId();
    return find(Topics.INTENTS, CancelIntent.class, v -> v.getCancelId().equals(id));
  }

  ConsumerRecord<byte[], byte[]> progress(Class<?> what) {
    String id = cancelId();
    return find(
        Topics.PROGRESS,
        CancelProgress.class,
        v -> v.getCancel().getCancelId().equals(id) && what.isInstance(v.getWhat()));
  }

  /** The ledger asks for another cancel, and the desk makes it. */
  ConsumerRecord<byte[], byte[]> request() {
    return find(Topics.RETRIES, CancelRequest.class, v -> v.getKind() == RequestKind.CANCEL);
  }

  ConsumerRecord<byte[], byte[]> shownRefusal() {
    return find(
        Topics.PROGRESS,
        CancelProgress.class,
        v ->
            v.getWhat() instanceof Refused refused
                && refused.getOrder() != null
                && refused.getReason() == io.countermand.events.Reason.ORDER_FILLED);
  }

  ConsumerRecord<byte[], byte[]> refusal() {
    String id = value(shownRefusal(), CancelProgress.class).getCancel().getCancelId();
    return find(Topics.OUTCOMES, CancelOutcome.class, v -> v.getCancel().getCancelId().equals(id));
  }

  ConsumerRecord<byte[], byte[]> behindRefusal() {
    var refused = (Refused) value(shownRefusal(), CancelProgress.class).getWhat();
    var at = refused.getOrder().getEvidence();
    return history.records.stream()
        .filter(
            r ->
                r.topic().equals(at.getTopic())
                    && r.partition() == at.getPartition()
                    && r.offset() == at.getOffset())
        .findFirst()
        .orElseThrow();
  }

  ConsumerRecord<byte[], byte[]> letter() {
    return find(
        Topics.DEAD_LETTERS,
        DeadLetter.class,
        v -> v.getSource().getTopic().equals(Topics.INTENTS) && v.getValueSize() == 6);
  }

  ConsumerRecord<byte[], byte[]> state() {
    byte[] key = shownRefusal().key();
    return history.records.stream()
        .filter(r -> r.topic().equals(Topics.ORDER_STATES) && r.value() != null)
        .filter(r -> Arrays.equals(r.key(), key))
        .findFirst()
        .orElseThrow();
  }

  void drop(ConsumerRecord<byte[], byte[]> record) {
    assertThat(history.records.remove(record)).isTrue();
  }

  void twice(ConsumerRecord<byte[], byte[]> record) {
    history.append(at(record, history.end(record.topic(), record.partition()), record.value()));
  }

  <T extends SpecificRecord> void add(
      ConsumerRecord<byte[], byte[]> like, Class<T> type, Consumer<T> change) {
    history.append(
        at(like, history.end(like.topic(), like.partition()), changed(like, type, change)));
  }

  <T extends SpecificRecord> void change(
      ConsumerRecord<byte[], byte[]> record, Class<T> type, Consumer<T> change) {
    replace(record, at(record, record.offset(), changed(record, type, change)));
  }

  void destroy(ConsumerRecord<byte[], byte[]> record) {
    replace(record, at(record, record.offset(), new byte[] {0, 0, 0}));
  }

  void rekey(ConsumerRecord<byte[], byte[]> record) {
    replace(
        record,
        with(record, record.offset(), "a/b/c".getBytes(StandardCharsets.UTF_8), record.value()));
  }

  /** The first two records of different orders change places. */
  void exchange(String topic) {
    ConsumerRecord<byte[], byte[]> one = intent();
    ConsumerRecord<byte[], byte[]> other =
        history.records.stream()
            .filter(r -> r.topic().equals(topic) && r.partition() == one.partition())
            .filter(r -> !Arrays.equals(r.key(), one.key()))
            .findFirst()
            .orElseThrow();
    swap(one, other);
  }

  /** The only intent of the history that names no order. */
  void malformedElsewhere() {
    drop(find(Topics.OUTCOMES, CancelOutcome.class, v -> v.getCancel().getOrderId().isEmpty()));
    rekey(find(Topics.INTENTS, CancelIntent.class, v -> v.getOrderId().isEmpty()));
  }

  void answerFirst() {
    swap(marker(), progress(AttemptReplied.class));
  }

  /** The decision that is the first call's marker, too. */
  ConsumerRecord<byte[], byte[]> marker() {
    return progress(Routed.class);
  }

  /** The decision announces no call. */
  void unmark() {
    change(marker(), CancelProgress.class, v -> ((Routed) v.getWhat()).setAttemptId(null));
  }

  /** A marker says that it carries out an intent which is not its cancel's. */
  void intentOfAnother() {
    String id = cancelId();
    ConsumerRecord<byte[], byte[]> other =
        find(
            Topics.INTENTS,
            CancelIntent.class,
            v -> !v.getCancelId().equals(id) && v.getVenue().equals(Recorded.VENUE));
    add(
        marker(),
        CancelProgress.class,
        v -> v.setWhat(planted(new Evidence(other.topic(), other.partition(), other.offset()))));
  }

  /** The marker of a call that was made came into the log at its deadline. */
  void markedLate() {
    ConsumerRecord<byte[], byte[]> marker = marker();
    Instant deadline = value(marker, CancelProgress.class).getCancel().getDeadline();
    replace(
        marker,
        with(
            marker,
            marker.offset(),
            deadline.plusMillis(1).toEpochMilli(),
            marker.key(),
            marker.value()));
  }

  private static AttemptStarted planted(Evidence request) {
    return new AttemptStarted("planted", 1, RequestKind.CANCEL, request);
  }

  void answeredLate() {
    ConsumerRecord<byte[], byte[]> outcome = canceled();
    replace(
        outcome,
        with(
            outcome,
            outcome.offset(),
            outcome.timestamp() + Duration.ofHours(1).toMillis(),
            outcome.key(),
            outcome.value()));
  }

  /** As a part does that fails on a record. */
  void givenUp() {
    ConsumerRecord<byte[], byte[]> intent = intent();
    add(
        letter(),
        DeadLetter.class,
        v -> {
          v.setSource(new Evidence(intent.topic(), intent.partition(), intent.offset()));
          v.setReason(DeadLetterReason.UNEXPECTED);
          v.setKey(ByteBuffer.wrap(intent.key()));
          v.setValue(ByteBuffer.wrap(intent.value()));
          v.setValueSize(intent.value().length);
        });
    drop(canceled());
  }

  /** The ledger reports what nobody has asked for. */
  void reportedUnasked() {
    MassCancel mass =
        new MassCancel(
            "planted", MassScope.of("v", "a"), "ops", "drill", null, false, false, Instant.now());
    var done = MassReport.answer(mass, MassReport.State.DONE, "", Instant.now());
    append(
        Topics.MASS_REPORTS,
        "planted",
        io.countermand.events.MassReport.class,
        MassCodec.toAvro(done));
  }

  /** The ledger says that a switch fired, of which no heartbeat is there. */
  void firedUnarmed() {
    Instant now = Instant.ofEpochMilli(canceled().timestamp());
    var word =
        new Heartbeat(
            "planted", MassScope.of("v", "a"), Duration.ofSeconds(1), "ops", "", false, now);
    var at = new io.countermand.domain.order.Evidence(Topics.HEARTBEATS, 0, 0);
    append(
        Topics.HEARTBEATS,
        "planted",
        io.countermand.events.Heartbeat.class,
        HeartbeatCodec.notice(
            DeadManEvent.FIRED, new DeadManSwitch(word, at, now, now, false), now, "ops", now));
  }

  private <T extends SpecificRecord> void append(String topic, String key, Class<T> type, T value) {
    ConsumerRecord<byte[], byte[]> like = canceled();
    byte[] bytes = serdes.serializer(type).serialize(topic, value);
    byte[] its = key.getBytes(StandardCharsets.UTF_8);
    history.append(
        new ConsumerRecord<>(
            topic,
            0,
            history.end(topic, 0),
            like.timestamp(),
            like.timestampType(),
            its.length,
            bytes.length,
            its,
            bytes,
            new RecordHeaders(),
            Optional.empty()));
  }

  void callAfterRefusal() {
    ConsumerRecord<byte[], byte[]> refused = shownRefusal();
    var cancel = value(refused, CancelProgress.class).getCancel();
    add(
        marker(),
        refused,
        v -> {
          v.setCancel(cancel);
          v.setWhat(planted(cancel.getIntent()));
          v.setAt(cancel.getReceivedAt().plusMillis(50));
        });
  }

  private void add(
      ConsumerRecord<byte[], byte[]> like,
      ConsumerRecord<byte[], byte[]> place,
      Consumer<CancelProgress> change) {
    byte[] value = changed(like, CancelProgress.class, change);
    history.append(at(place, history.end(place.topic(), place.partition()), value));
  }

  private void swap(ConsumerRecord<byte[], byte[]> one, ConsumerRecord<byte[], byte[]> other) {
    replace(one, with(one, one.offset(), other.key(), other.value()));
    replace(other, with(other, other.offset(), one.key(), one.value()));
  }

  private void replace(ConsumerRecord<byte[], byte[]> old, ConsumerRecord<byte[], byte[]> record) {
    history.records.set(history.records.indexOf(old), record);
  }

  private <T extends SpecificRecord> byte[] changed(
      ConsumerRecord<byte[], byte[]> record, Class<T> type, Consumer<T> change) {
    T value = value(record, type);
    change.accept(value);
    return serdes.serializer(type).serialize(record.topic(), value);
  }

  private static ConsumerRecord<byte[], byte[]> at(
      ConsumerRecord<byte[], byte[]> like, long offset, byte[] value) {
    return with(like, offset, like.key(), value);
  }

  private static ConsumerRecord<byte[], byte[]> with(
      ConsumerRecord<byte[], byte[]> like, long offset, byte[] key, byte[] value) {
    return with(like, offset, like.timestamp(), key, value);
  }

  private static ConsumerRecord<byte[], byte[]> with(
      ConsumerRecord<byte[], byte[]> like, long offset, long timestamp, byte[] key, byte[] value) {
    return new ConsumerRecord<>(
        like.topic(),
        like.partition(),
        offset,
        timestamp,
        like.timestampType(),
        key.length,
        value.length,
        key,
        value,
        like.headers(),
        Optional.empty());
  }
}
