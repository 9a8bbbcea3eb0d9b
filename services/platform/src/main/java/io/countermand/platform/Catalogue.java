package io.countermand.platform;

import io.countermand.events.CancelIntent;
import io.countermand.events.CancelOutcome;
import io.countermand.events.CancelProgress;
import io.countermand.events.CancelRequest;
import io.countermand.events.ConsoleAction;
import io.countermand.events.DeadLetter;
import io.countermand.events.Heartbeat;
import io.countermand.events.KillSwitch;
import io.countermand.events.MassCancel;
import io.countermand.events.MassProgress;
import io.countermand.events.MassReport;
import io.countermand.events.OrderEvent;
import io.countermand.events.OrderState;
import io.countermand.events.OutcomeFinding;
import io.countermand.events.VenuePause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.config.TopicConfig;

/** Every topic, as it must be. */
public record Catalogue(List<TopicSpec> topics) {

  public static final int PARTITIONS = 12;

  /** For a machine's own disk. Whoever must prove things for longer keeps them for longer. */
  public static final Duration RETENTION = Duration.ofDays(30);

  /** Of heartbeats, at the most: a thousand producers write half a gigabyte an hour. */
  private static final Duration BEATS = Duration.ofDays(7);

  private static final int MIB = 1024 * 1024;

  public Catalogue {
    topics = List.copyOf(topics);
  }

  /** With {@link #RETENTION}. */
  public static Catalogue of(int partitions, short replication) {
    return of(partitions, replication, RETENTION);
  }

  /**
   * @param partitions of all that desk and ledger read: one count, so that what has the same key
   *     meets
   * @param retention of what the audit reads
   */
  public static Catalogue of(int partitions, short replication, Duration retention) {
    if (partitions < 1 || replication < 1) {
      throw new IllegalArgumentException("Partitions and replication are at least 1.");
    }
    Builder b = new Builder(partitions, replication);
    // LogAppendTime: deadlines are counted from the broker's clock, not from each producer's.
    b.add(
        Topics.INTENTS,
        CancelIntent.class,
        kept(
            retention,
            Map.of(
                TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                "LogAppendTime",
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                String.valueOf(2 * MIB))));
    b.add(Topics.ORDER_EVENTS, OrderEvent.class, kept(retention, Map.of()));
    b.add(
        Topics.ORDER_STATES,
        OrderState.class,
        Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
    // LogAppendTime: a call is made only if its marker was appended before the deadline.
    b.add(
        Topics.PROGRESS,
        CancelProgress.class,
        kept(retention, Map.of(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime")));
    b.add(Topics.OUTCOMES, CancelOutcome.class, kept(retention, Map.of()));
    b.add(Topics.FINDINGS, OutcomeFinding.class, kept(retention, Map.of()));
    b.add(Topics.RETRIES, CancelRequest.class, kept(retention, Map.of()));
    // LogAppendTime, as intents: its deadline is counted from the broker's clock.
    Map<String, String> appended =
        Map.of(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime");
    b.add(Topics.MASS_COMMANDS, MassCancel.class, kept(retention, appended));
    Map<String, String> large =
        Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, String.valueOf(4 * MIB));
    // Holds what was too odd for its own topic, so it takes more than any of them.
    b.partitions = Math.min(partitions, 3);
    b.add(Topics.DEAD_LETTERS, DeadLetter.class, kept(retention, large));
    b.partitions = 1;
    b.add(Topics.MASS_CANCELS, MassCancel.class, kept(retention, appended));
    b.add(Topics.MASS_PROGRESS, MassProgress.class, kept(retention, large));
    b.add(Topics.MASS_REPORTS, MassReport.class, kept(retention, large));
    b.add(
        Topics.KILL_SWITCHES,
        KillSwitch.class,
        Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
    // LogAppendTime: silence is counted by the broker's clock. Several a second for each producer.
    b.add(
        Topics.HEARTBEATS,
        Heartbeat.class,
        kept(retention.compareTo(BEATS) < 0 ? retention : BEATS, appended));
    b.add(
        Topics.PAUSES,
        VenuePause.class,
        Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
    b.add(Topics.CONSOLE_ACTIONS, ConsoleAction.class, kept(retention, Map.of()));
    return new Catalogue(b.topics);
  }

  private static Map<String, String> kept(Duration retention, Map<String, String> more) {
    Map<String, String> config = new HashMap<>(more);
    config.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
    config.put(TopicConfig.RETENTION_MS_CONFIG, String.valueOf(retention.toMillis()));
    return config;
  }

  private static final class Builder {

    private final List<TopicSpec> topics = new ArrayList<>();
    private final short replication;
    private int partitions;

    Builder(int partitions, short replication) {
      this.partitions = partitions;
      this.replication = replication;
    }

    void add(String name, Class<? extends SpecificRecord> type, Map<String, String> config) {
      Map<String, String> all = new HashMap<>(config);
      if (replication >= 3) {
        all.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, "2");
      }
      topics.add(new TopicSpec(name, partitions, replication, all, type));
    }
  }
}
