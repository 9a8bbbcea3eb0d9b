package io.countermand.bench.process;

import io.countermand.bench.load.IntentBatch;
import io.countermand.bench.load.StoreFill;
import io.countermand.bench.load.TableFiller;
import io.countermand.codec.IntentCodec;
import io.countermand.domain.Intent;
import io.countermand.domain.order.OrderRef;
import io.countermand.events.CancelIntent;
import io.countermand.events.serde.EventSerdes;
import io.countermand.platform.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;

/** Fills the stores of roles that run, and waits until they have taken it all. */
public final class StoreFiller {

  /** Numbers that no load has. */
  private static final long FIRST_ORDER = 1_000_000_000_000L;

  /** Refused intents at once: what is asked for faster than it is answered passes its deadline. */
  private static final int WAVE = 10_000;

  private static final Duration PATIENCE = Duration.ofMinutes(20);

  private final BenchCluster stage;
  private final VariantProcesses subject;
  private long orders = FIRST_ORDER;
  private long intents;

  public StoreFiller(BenchCluster stage, VariantProcesses subject) {
    this.stage = stage;
    this.subject = subject;
  }

  /** Returns when desk and ledger have read what it caused. */
  public void fill(StoreFill filling) throws InterruptedException {
    switch (filling.what()) {
      case ORDERS -> {
        TableFiller.add(stage.connection(), orders, orders + filling.count());
        orders += filling.count();
        await(VariantProcesses.DESK, Topics.ORDER_EVENTS);
        await(VariantProcesses.LEDGER, Topics.ORDER_EVENTS);
      }
      case SETTLED -> {
        for (int done = 0; done < filling.count(); done += WAVE) {
          refused(Math.min(WAVE, filling.count() - done));
        }
      }
    }
  }

  /** Each for a terminal order of its own, as in life. */
  private void refused(int count) throws InterruptedException {
    long first = orders / TableFiller.TERMINAL_EACH;
    TableFiller.addTerminal(stage.connection(), first, count);
    orders += (long) count * TableFiller.TERMINAL_EACH;
    await(VariantProcesses.DESK, Topics.ORDER_EVENTS);
    send(first, count);
    await(VariantProcesses.DESK, Topics.INTENTS);
    await(VariantProcesses.LEDGER, Topics.INTENTS);
    await(VariantProcesses.LEDGER, Topics.PROGRESS);
  }

  private void send(long firstTerminal, int count) {
    var settings = stage.connection().producer("filler");
    settings.put("linger.ms", "5");
    settings.put("batch.size", "65536");
    try (EventSerdes serdes = stage.connection().serdes();
        var producer =
            new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      Serializer<CancelIntent> values = serdes.serializer(CancelIntent.class);
      for (int i = 0; i < count; i++) {
        OrderRef order = IntentBatch.order(TableFiller.terminal(firstTerminal + i));
        var intent =
            new Intent(
                "settled-" + intents++,
                order,
                null,
                null,
                null,
                null,
                false,
                true,
                null,
                Map.of(),
                Instant.now());
        var _ =
            producer.send(
                new ProducerRecord<>(
                    Topics.INTENTS,
                    order.key().getBytes(StandardCharsets.UTF_8),
                    values.serialize(Topics.INTENTS, IntentCodec.toAvro(intent))));
      }
      producer.flush();
    }
  }

  private void await(String group, String topic) throws InterruptedException {
    long giveUp = System.nanoTime() + PATIENCE.toNanos();
    while (!stage.caughtUp(group, topic)) {
      subject.requireAlive();
      if (System.nanoTime() > giveUp) {
        throw new IllegalStateException(group + " does not read " + topic);
      }
      Thread.sleep(100);
    }
  }
}
