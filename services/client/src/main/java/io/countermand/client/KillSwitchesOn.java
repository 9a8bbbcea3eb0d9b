package io.countermand.client;

import io.countermand.events.KillSwitch;
import io.countermand.platform.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The kill switches that are on: an order in the scope of one would be cancelled at once. Ask
 * before you place it. Immutable.
 *
 * @param on in the order in which they were fired
 * @param unreadable records that cannot be read: a kill switch may be on that is not among these
 *     (see {@code countermand kill list}). Empty unless something is broken
 */
public record KillSwitchesOn(List<KillSwitch> on, List<EventStream.Unreadable> unreadable) {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /**
   * As they stand in Kafka now. Takes some 100 ms.
   *
   * @throws ClientException if they cannot be read
   */
  public static KillSwitchesOn read(Connection connection) {
    Map<String, KillSwitch> all = new LinkedHashMap<>();
    List<EventStream.Unreadable> unreadable = new ArrayList<>();
    try (EventStream<KillSwitch> newest = open(connection).fromNow().open();
        EventStream<KillSwitch> stream =
            open(connection).fromBeginning().onUnreadable(unreadable::add).open()) {
      Positions end = newest.positions();
      long until = System.nanoTime() + PATIENCE.toNanos();
      while (!reached(stream.positions(), end)) {
        if (System.nanoTime() - until > 0) {
          throw new ClientException(
              Problem.KAFKA_UNREACHABLE,
              "reading kill switches: the end of "
                  + Topics.KILL_SWITCHES
                  + " was not reached in "
                  + PATIENCE.toSeconds()
                  + " s; check the brokers, then try again",
              null);
        }
        stream
            .poll(Duration.ofMillis(200))
            .forEach(each -> all.put(each.value().getMass().getMassId(), each.value()));
      }
    }
    return new KillSwitchesOn(
        all.values().stream().filter(one -> one.getReleased() == null).toList(),
        List.copyOf(unreadable));
  }

  private static EventStream.Builder<KillSwitch> open(Connection connection) {
    return EventStream.of(connection, Topics.KILL_SWITCHES, KillSwitch.class);
  }

  private static boolean reached(Positions at, Positions end) {
    return end.next().entrySet().stream()
        .allMatch(each -> at.next().getOrDefault(each.getKey(), 0L) >= each.getValue());
  }
}
