package io.countermand.bench.measure;

import io.countermand.platform.Topics;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Records that a load left in Kafka, per intent. Tombstones and repeats count, whatever compaction
 * makes of them later.
 *
 * @param data in topics of data, the intents themselves included
 * @param changelogs in the changelogs of stores
 * @param leases in {@code cancel-progress}, which belong to no order
 * @param control the ends of transactions, in topics of both kinds
 * @param consumerOffsets in {@code __consumer_offsets}, ends of transactions included
 * @param transactionState in {@code __transaction_state}
 * @param otherInternal in the other topics of Kafka's own
 * @param topics all of these by topic
 */
public record LogVolume(
    double data,
    double changelogs,
    double leases,
    double control,
    double consumerOffsets,
    double transactionState,
    double otherInternal,
    SortedMap<String, Double> topics) {

  /** Records of a topic that a reader was given, by whether they had a key. */
  public record Read(long keyed, long unkeyed) {

    Read plus(boolean key) {
      return key ? new Read(keyed + 1, unkeyed) : new Read(keyed, unkeyed + 1);
    }
  }

  /** What a cancel cost: data and changelogs. */
  double recordsPerCancel() {
    return data + changelogs;
  }

  /**
   * @param grown by how much the end of each topic's partitions moved on, together
   * @param read what lay between, as a reader gets it: all but control records; Kafka's own topics
   *     are not in it
   */
  public static LogVolume of(Map<String, Long> grown, Map<String, Read> read, int intents) {
    double data = 0;
    double changelogs = 0;
    double leases = 0;
    double control = 0;
    double offsets = 0;
    double transactions = 0;
    double other = 0;
    SortedMap<String, Double> topics = new TreeMap<>();
    for (var topic : grown.entrySet()) {
      String name = topic.getKey();
      double all = (double) topic.getValue() / intents;
      if (all == 0) {
        continue;
      }
      topics.put(name, all);
      switch (name) {
        case "__consumer_offsets" -> offsets += all;
        case "__transaction_state" -> transactions += all;
        default -> {
          if (name.startsWith("__")) {
            other += all;
            continue;
          }
          Read seen = read.getOrDefault(name, new Read(0, 0));
          boolean leased = name.equals(Topics.PROGRESS);
          double plain = (seen.keyed() + (leased ? 0 : seen.unkeyed())) / (double) intents;
          double lease = leased ? seen.unkeyed() / (double) intents : 0;
          leases += lease;
          control += all - plain - lease;
          if (name.endsWith("-changelog")) {
            changelogs += plain;
          } else {
            data += plain;
          }
        }
      }
    }
    return new LogVolume(data, changelogs, leases, control, offsets, transactions, other, topics);
  }
}
