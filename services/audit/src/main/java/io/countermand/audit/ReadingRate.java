package io.countermand.audit;

import io.countermand.audit.source.AuditException;
import io.countermand.audit.source.Decoders;
import io.countermand.audit.source.Range;
import io.countermand.audit.source.RecordSource;
import io.countermand.events.DeadLetter;
import io.countermand.events.serde.Decoded;
import io.countermand.events.serde.EventDecoder;
import io.countermand.platform.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.avro.specific.SpecificRecord;

/** How fast the same records can be read and decoded, if nothing else is done with them. */
final class ReadingRate {

  /**
   * @param good records that could be decoded
   */
  record Rate(long records, long good, double seconds) {
    double perSecond() {
      return records / Math.max(seconds, 1e-9);
    }
  }

  private ReadingRate() {}

  static Rate measure(RecordSource source, Range range, int threads) {
    Queue<Range.Part> parts = new ConcurrentLinkedQueue<>();
    range.topics.stream()
        .filter(topic -> !Range.MASSES.contains(topic))
        .forEach(topic -> parts.addAll(range.parts(topic).values()));
    Decoders decoders = Decoders.of(source.serdes());
    EventDecoder<DeadLetter> letters = source.serdes().decoder(DeadLetter.class);
    AtomicLong records = new AtomicLong();
    AtomicLong good = new AtomicLong();
    long begun = System.nanoTime();
    List<Thread> all = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      all.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (Range.Part part = parts.poll(); part != null; part = parts.poll()) {
                      read(source, part, decoders, letters, records, good);
                    }
                  }));
    }
    try {
      for (Thread thread : all) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AuditException("stopped", e);
    }
    return new Rate(records.get(), good.get(), (System.nanoTime() - begun) / 1e9);
  }

  private static void read(
      RecordSource source,
      Range.Part part,
      Decoders decoders,
      EventDecoder<DeadLetter> letters,
      AtomicLong records,
      AtomicLong good) {
    EventDecoder<? extends SpecificRecord> decoder =
        part.topic().equals(Topics.DEAD_LETTERS) ? letters : decoders.of(part.topic());
    long[] mine = new long[2];
    source.read(
        part.topic(),
        part.partition(),
        part.from(),
        part.to(),
        record -> {
          mine[0]++;
          mine[1] += decoder.decode(part.topic(), record.value()) instanceof Decoded.Ok ? 1 : 0;
        });
    records.addAndGet(mine[0]);
    good.addAndGet(mine[1]);
  }
}
