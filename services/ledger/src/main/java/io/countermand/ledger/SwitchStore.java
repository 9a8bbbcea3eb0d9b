package io.countermand.ledger;

import io.countermand.codec.SwitchCodec;
import io.countermand.domain.mass.KillSwitch;
import io.countermand.domain.mass.MassCancel;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The kill switches that ever were, in the store of the mass cancels under {@code s \0 massId}.
 * None is forgotten: an id that was released is not fired again, whatever a desk has read by then.
 * For the task's own thread.
 */
final class SwitchStore {

  private final KeyValueStore<String, byte[]> store;
  private final Map<String, KillSwitch> known = new HashMap<>();

  /**
   * @param store as an earlier owner left it
   */
  SwitchStore(KeyValueStore<String, byte[]> store) {
    this.store = store;
    try (KeyValueIterator<String, byte[]> rows = store.range("s\0", "s\u0001")) {
      rows.forEachRemaining(
          row -> {
            KillSwitch one = SwitchCodec.killSwitch(ByteBuffer.wrap(row.value));
            known.put(one.mass().massId(), one);
          });
    }
  }

  /** Null: never fired. */
  @Nullable KillSwitch get(String massId) {
    return known.get(massId);
  }

  boolean isOn(String massId) {
    KillSwitch one = known.get(massId);
    return one != null && one.on();
  }

  /** How many are on. */
  int on() {
    return (int) known.values().stream().filter(KillSwitch::on).count();
  }

  /** On from now. */
  KillSwitch fire(MassCancel mass, Instant now) {
    var one = new KillSwitch(mass, now, null);
    put(one);
    return one;
  }

  /**
   * @param asked names the kill switch
   */
  KillSwitch.Answer release(MassCancel asked, Instant now) {
    KillSwitch.Answer answer =
        KillSwitch.release(known.get(Objects.requireNonNull(asked.releases())), asked, now);
    if (answer instanceof KillSwitch.Released released) {
      put(released.after());
    }
    return answer;
  }

  private void put(KillSwitch one) {
    known.put(one.mass().massId(), one);
    store.put("s\0" + one.mass().massId(), SwitchCodec.bytes(one));
  }
}
