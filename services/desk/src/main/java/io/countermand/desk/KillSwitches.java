package io.countermand.desk;

import io.countermand.codec.IntentCodec;
import io.countermand.codec.SwitchCodec;
import io.countermand.domain.Intent;
import io.countermand.domain.Outcome;
import io.countermand.domain.decision.DeskOrder;
import io.countermand.domain.mass.KillSwitch;
import io.countermand.domain.mass.MassCancel;
import io.countermand.domain.mass.SwitchWatch;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrderRef;
import io.countermand.platform.Topics;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kill switches in one task: keeps in its store what {@link SwitchWatch} knows of them, and writes
 * the cancels that it wants. The commands stand in the task's own partition; a task whose log has
 * lost one, or that began behind it, learns of the switch from the topic of all ({@code known}).
 *
 * <p>For the task's own thread.
 */
final class KillSwitches {

  private static final Logger LOG = LoggerFactory.getLogger(KillSwitches.class);

  private final KeyValueStore<String, byte[]> store;
  private final MassFreezes freezes;
  private final int partition;
  private final SwitchWatch watch;

  /**
   * @param store as an earlier owner left it
   * @param closing venues where a cancel closes the order's position, too
   * @param known as they stood when this desk started, after it had its offsets
   */
  KillSwitches(
      KeyValueStore<String, byte[]> store,
      MassFreezes freezes,
      Set<String> closing,
      int partition,
      List<KillSwitch> known) {
    this.store = store;
    this.freezes = freezes;
    this.partition = partition;
    this.watch = new SwitchWatch(closing);
    try (KeyValueIterator<String, byte[]> rows = store.all()) {
      rows.forEachRemaining(
          row -> {
            ByteBuffer bytes = ByteBuffer.wrap(row.value);
            boolean reads = bytes.get() != 0;
            watch.kept(new SwitchWatch.Row(SwitchCodec.killSwitch(bytes), reads));
          });
    }
    watch.known(known).forEach(this::put);
  }

  /**
   * As the ledger spread it: perhaps one that fires a switch, or releases one.
   *
   * @return what is open is to be frozen for this one; null: nothing is
   */
  @Nullable MassCancel command(MassCancel mass, Instant appended) {
    SwitchWatch.Heard heard = watch.command(mass, appended, Instant.now());
    SwitchWatch.Row keep = heard.keep();
    if (keep != null) {
      put(keep);
    }
    return heard.freezes();
  }

  /** Whether the freeze of a mass cancel, or of a kill switch, takes no more orders. */
  boolean over(MassCancel mass, Instant now) {
    return watch.over(mass, now);
  }

  /** Whether any is on. */
  boolean any() {
    return watch.any();
  }

  /**
   * An order event was folded.
   *
   * @param known with the event in it
   */
  void folded(OrderRef order, DeskOrder known, Outbox out, DeskMeters meters) {
    write(order, watch.folded(order, known, Instant.now(), freezes::looked), out, meters);
  }

  /**
   * A cancel has its outcome, perhaps one that leaves its order open.
   *
   * @param known with the outcome in it
   */
  void settled(Outcome outcome, Evidence at, DeskOrder known, Outbox out, DeskMeters meters) {
    OrderRef order = outcome.cancel().order();
    write(order, watch.settled(outcome, at, known, Instant.now()), out, meters);
  }

  private static void write(OrderRef order, List<Intent> intents, Outbox out, DeskMeters meters) {
    for (Intent intent : intents) {
      meters.switched(order.venue());
      out.send(Topics.INTENTS, order.key(), IntentCodec.toAvro(intent));
    }
  }

  /** Goes on with those that it did not learn of by their command; after the freezes' step. */
  void step(Instant now) {
    List<MassCancel> begun = watch.begin(now);
    var command = new Evidence(Topics.MASS_COMMANDS, partition, -1);
    begun.forEach(mass -> freezes.command(mass, command, null));
    if (begun.isEmpty()) {
      watch.readUp(freezes::has).forEach(this::put);
    }
  }

  private void put(SwitchWatch.Row row) {
    String massId = row.one().mass().massId();
    byte[] bytes = SwitchCodec.bytes(row.one());
    byte[] kept =
        ByteBuffer.allocate(1 + bytes.length).put((byte) (row.reads() ? 1 : 0)).put(bytes).array();
    boolean known = Arrays.equals(store.get(massId), kept);
    store.put(massId, kept); // also what is known here: perhaps the changelog lacks it
    if (known) {
      return;
    }
    LOG.atWarn()
        .addKeyValue("massId", massId)
        .addKeyValue("partition", partition)
        .addKeyValue("reads", row.reads())
        .log(row.one().on() ? "kill switch on" : "kill switch off");
  }
}
