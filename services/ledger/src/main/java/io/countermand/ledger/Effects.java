package io.countermand.ledger;

import io.countermand.codec.FindingCodec;
import io.countermand.codec.IntentCodec;
import io.countermand.codec.MassCodec;
import io.countermand.codec.OrderCodec;
import io.countermand.codec.OutcomeCodec;
import io.countermand.domain.Cancel;
import io.countermand.domain.Outcome;
import io.countermand.domain.TraceContext;
import io.countermand.domain.lifecycle.LedgerEffect;
import io.countermand.domain.mass.MassIntents;
import io.countermand.domain.mass.MassPart;
import io.countermand.domain.order.Evidence;
import io.countermand.events.DeadLetterReason;
import io.countermand.events.MassProgress;
import io.countermand.kafka.deadletter.DeadLetters;
import io.countermand.kafka.streams.OutputRecord;
import io.countermand.kafka.trace.Hop;
import io.countermand.kafka.trace.Hops;
import io.countermand.kafka.trace.TraceHeaders;
import io.countermand.kafka.trace.TraceLog;
import io.countermand.platform.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out what the lifecycle decided. */
final class Effects {

  private static final Logger LOG = LoggerFactory.getLogger(Effects.class);

  private final ProcessorContext<byte[], OutputRecord> context;
  private final String by;
  private final DeadLetters deadLetters;
  private final Set<String> venues;
  private final LedgerMeters meters;
  private final Hops hops;

  Effects(
      ProcessorContext<byte[], OutputRecord> context,
      String by,
      LedgerSettings settings,
      LedgerMeters meters) {
    this.hops = settings.hops();
    this.context = context;
    this.by = by;
    this.deadLetters = new DeadLetters(by, meters.deadLetters());
    this.venues = settings.venues();
    this.meters = meters;
  }

  /** Where the record at hand stands. */
  Evidence at() {
    RecordMetadata meta = context.recordMetadata().orElseThrow();
    return new Evidence(meta.topic(), meta.partition(), meta.offset());
  }

  /**
   * @param at where the cause stands
   * @param traces of the order's cancels
   */
  void apply(
      String key,
      LedgerEffect effect,
      Record<byte[], byte[]> cause,
      Evidence at,
      Map<String, TraceContext> traces) {
    meters.decided(effect);
    switch (effect) {
      case LedgerEffect.Settle settle -> {
        Cancel cancel = settle.outcome().cancel();
        TraceContext from = Traces.of(traces, cancel.cancelId());
        TraceContext here = from == null ? null : from.atOutcome(cancel);
        send(Topics.OUTCOMES, key, OutcomeCodec.toAvro(settle.outcome()), here);
        log("outcome", from, here, cancel, settle.outcome().result().name());
        if (from != null && here != null && here.sampled()) {
          hops.took(
              new Hop.Settled(
                  here,
                  from.atDesk(cancel).spanId(),
                  settle.outcome(),
                  joined(settle.outcome(), traces),
                  Instant.ofEpochMilli(cause.timestamp()),
                  Instant.now()));
        }
        String massId = cancel.massId();
        if (massId != null && MassIntents.isPart(cancel)) {
          send(Topics.MASS_PROGRESS, massId, settled(massId, key, settle.outcome()));
        }
      }
      case LedgerEffect.Find find ->
          send(Topics.FINDINGS, key, FindingCodec.toAvro(find.finding()));
      case LedgerEffect.Tell tell ->
          send(Topics.ORDER_EVENTS, key, OrderCodec.toAvro(tell.event()));
      case LedgerEffect.Conflict conflict ->
          deadLetter(cause, at, DeadLetterReason.CONFLICTING_CONTENT, conflict.text());
      case LedgerEffect.Ask ask -> {
        Cancel cancel = ask.request().cancel();
        String venue = cancel.order().venue();
        if (venues.contains(venue)) {
          TraceContext from = Traces.of(traces, cancel.cancelId());
          TraceContext here = from == null ? null : from.atRetry(cancel, ask.request().attemptNo());
          send(Topics.RETRIES, key, IntentCodec.toAvro(ask.request()), here);
          log("retry", from, here, cancel, ask.request().kind().name());
          if (from != null && here != null && here.sampled()) {
            hops.took(
                new Hop.Asked(
                    here,
                    from.atDesk(cancel).spanId(),
                    ask.request(),
                    Instant.ofEpochMilli(cause.timestamp()),
                    Instant.now()));
          }
        } else {
          // Nobody would read it; the deadline will answer.
          LOG.atWarn().addKeyValue("venue", venue).log("request for a venue not configured here");
        }
      }
    }
  }

  private MassProgress settled(String massId, String key, Outcome outcome) {
    var part =
        new MassPart.Settled(
            key,
            outcome.cancel().cancelId(),
            outcome.result(),
            outcome.reason(),
            outcome.cancel().intent());
    return MassCodec.toAvro(massId, part, Instant.now(), by);
  }

  private static @Nullable TraceContext joined(Outcome outcome, Map<String, TraceContext> traces) {
    String leader = outcome.joinedTo();
    TraceContext its = leader == null ? null : Traces.of(traces, leader);
    return leader == null || its == null ? null : its.atOutcome(outcome.cancel().order(), leader);
  }

  /** Of the desk's decision, which is what both come from. */
  private static void log(
      String hop,
      @Nullable TraceContext from,
      @Nullable TraceContext here,
      Cancel cancel,
      String what) {
    if (from != null) {
      TraceLog.hop(hop, here, from.atDesk(cancel).spanId(), cancel.cancelId(), what);
    }
  }

  void send(String topic, String key, SpecificRecord value) {
    send(topic, key, value, null);
  }

  void send(String topic, String key, SpecificRecord value, @Nullable TraceContext trace) {
    context.forward(
        new Record<>(
            key.getBytes(StandardCharsets.UTF_8),
            new OutputRecord(topic, value),
            System.currentTimeMillis(),
            TraceHeaders.of(trace)));
  }

  void deadLetter(
      Record<byte[], byte[]> record, Evidence at, DeadLetterReason reason, String text) {
    context.forward(
        new Record<>(
            DeadLetters.key(record.key()),
            new OutputRecord(
                Topics.DEAD_LETTERS,
                deadLetters.of(at, record.timestamp(), record.key(), record.value(), reason, text)),
            System.currentTimeMillis(),
            TraceHeaders.same(record.headers())));
  }
}
