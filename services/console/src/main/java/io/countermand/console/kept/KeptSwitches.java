package io.countermand.console.kept;

import io.countermand.console.kept.CompactedTopic.Entry;
import io.countermand.events.KillSwitch;
import io.countermand.events.serde.Decoded;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The kill switches, each as its newest record says that can be read; bounded in number and in
 * bytes. Those that were released go first, the longest ago before others. Thread-safe.
 */
public final class KeptSwitches {

  private static final int MOST = 1_000;
  private static final long MOST_BYTES = 16 << 20;

  private final int most;
  private final long mostBytes;
  private final Map<String, KillSwitch> on = new LinkedHashMap<>();
  private final Map<String, KillSwitch> released = new LinkedHashMap<>();
  private final Unreadable unreadable = new Unreadable();
  private long bytes;
  private long gone;
  private boolean onGone;

  public KeptSwitches() {
    this(MOST, MOST_BYTES);
  }

  KeptSwitches(int most, long mostBytes) {
    this.most = most;
    this.mostBytes = mostBytes;
  }

  /**
   * How they stand.
   *
   * @param on the newest first
   * @param released the last one first
   * @param unreadable in words, where the newest record under a key cannot be read: whether that
   *     switch is on, that record alone knows
   * @param gone so many that were released are not kept any more
   * @param onGone whether one that was on was not kept, and may be on still
   */
  public record Standing(
      List<KillSwitch> on,
      List<KillSwitch> released,
      List<String> unreadable,
      long gone,
      boolean onGone) {}

  public synchronized void take(Entry<KillSwitch> entry) {
    if (unreadable.take(entry)
        || !(entry.value() instanceof Decoded.Ok<KillSwitch>(KillSwitch told))) {
      return;
    }
    String id = told.getMass().getMassId();
    forget(on.remove(id));
    forget(released.remove(id));
    (told.getReleased() == null ? on : released).put(id, told);
    bytes += RecordSize.of(told);
    while (on.size() + released.size() > most
        || (bytes > mostBytes && on.size() + released.size() > 1)) {
      dropOldest();
    }
  }

  private void dropOldest() {
    if (!released.isEmpty()) {
      forget(released.remove(released.keySet().iterator().next()));
      gone++;
    } else {
      forget(on.remove(on.keySet().iterator().next()));
      onGone = true;
    }
  }

  private void forget(@org.jspecify.annotations.Nullable KillSwitch known) {
    bytes -= RecordSize.of(known);
  }

  public synchronized Standing standing() {
    return new Standing(
        on.values().stream().sorted(Comparator.comparing(KillSwitch::getSince).reversed()).toList(),
        new ArrayList<>(released.values()).reversed(),
        unreadable.texts(),
        gone,
        onGone);
  }

  public synchronized Optional<KillSwitch> find(String massId) {
    return Optional.ofNullable(on.getOrDefault(massId, released.get(massId)));
  }
}
