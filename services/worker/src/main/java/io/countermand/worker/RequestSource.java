package io.countermand.worker;

import io.countermand.kafka.RoleMeters;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Takes requests from one topic. Used by one thread; {@link #wakeup} by any. */
interface RequestSource extends AutoCloseable {

  /** What to do with a record that was taken. */
  enum Verdict {
    /** The ledger answers for it now. */
    DONE,
    /** Nothing was done; somebody shall take it again. */
    RELEASE
  }

  String topic();

  /** The next records; empty if none came in time, or after {@link #wakeup}. */
  List<ConsumerRecord<byte[], byte[]>> poll(Duration within);

  /** Whether it was settled as done before and comes again only because of one before it. */
  boolean settled(ConsumerRecord<byte[], byte[]> record);

  /** Settles the records of the last poll, all of them, in the order they were given. */
  void settle(List<ConsumerRecord<byte[], byte[]>> records, List<Verdict> verdicts);

  /** Stays a member while nothing is to be taken. */
  void idle();

  /** Whether it is a member of its group and was assigned its part. Any thread. */
  boolean joined();

  /** Shows what its client measures of itself. */
  void show(RoleMeters meters);

  /** What it lacks to be a member that takes records; empty: nothing. Any thread. */
  Optional<String> missing();

  /** Lets a waiting poll return. */
  void wakeup();

  @Override
  void close();
}
