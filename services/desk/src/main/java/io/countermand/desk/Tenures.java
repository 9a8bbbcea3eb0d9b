package io.countermand.desk;

import io.countermand.domain.decision.HandOver;
import io.countermand.domain.decision.Tenure;
import io.countermand.domain.order.OrderRef;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which intents of which venues this group decides, in one partition; kept in a store. */
final class Tenures {

  private static final Logger LOG = LoggerFactory.getLogger(Tenures.class);
  private static final byte VERSION = 1;

  /** Under no venue's name: that of all that were not handed over. */
  private static final String OTHERS = "";

  /**
   * @param known since when this group has read along
   */
  private record Kept(Tenure tenure, Instant known) {}

  private static final Kept ALWAYS = new Kept(Tenure.ALWAYS, Instant.EPOCH);

  private final String group;
  private final KeyValueStore<String, byte[]> store;

  /** By the venue as it begins a key. */
  private final Map<String, Kept> venues = new HashMap<>();

  /**
   * @param group application id
   * @param store as an earlier owner left it
   * @param handedOver whether the group decides nothing here before it is handed over to it
   */
  Tenures(String group, KeyValueStore<String, byte[]> store, boolean handedOver, Instant now) {
    this.group = group;
    this.store = store;
    if (handedOver) { // put once more if it is there: perhaps on this disk alone
      byte[] known = store.get(OTHERS);
      store.put(OTHERS, known == null ? bytes(new Kept(Tenure.NONE, now)) : known);
    }
    try (KeyValueIterator<String, byte[]> all = store.all()) {
      all.forEachRemaining(entry -> venues.put(entry.key, kept(entry.value)));
    }
  }

  /** Says in the log of which venues it decides nothing yet: nobody else would say it. */
  void tell(Set<String> served, int partition) {
    for (String venue : served) {
      if (!venues.getOrDefault(OrderRef.encode(venue), others()).tenure().began()) {
        LOG.atWarn()
            .addKeyValue("venue", venue)
            .addKeyValue("partition", partition)
            .log("reads along and decides nothing of the venue until `hand-over complete`");
      }
    }
  }

  /**
   * Reads a hand-over. Puts what came of it once more where it changes nothing: one is read again
   * after a record was lost, and its row may stand on this disk alone.
   */
  void read(HandOver record, long offset) {
    String venue = OrderRef.encode(record.venue());
    Kept before = venues.getOrDefault(venue, others());
    Tenure after = before.tenure().after(record, offset, group);
    if (!after.equals(before.tenure())) {
      venues.put(venue, new Kept(after, before.known()));
      LOG.atInfo()
          .addKeyValue("venue", record.venue())
          .addKeyValue("offset", offset)
          .addKeyValue("decides", after.decides())
          .log("venue handed over");
    }
    Kept kept = venues.get(venue);
    if (kept != null) {
      store.put(venue, bytes(kept));
    }
  }

  /** Whether the group decides an intent, and makes the later calls for it. */
  boolean has(byte @Nullable [] key, long intent) {
    return venues.isEmpty() || of(key).tenure().has(intent);
  }

  /** Of these venues the ones whose next intents the group decides. */
  Set<String> decides(Set<String> served) {
    return served.stream()
        .filter(venue -> venues.getOrDefault(OrderRef.encode(venue), others()).tenure().decides())
        .collect(Collectors.toSet());
  }

  /**
   * Whether the group answers for what other topics say of the venue's orders: the one that
   * decides, and from its beginning on the next one, too, lest a record be passed over by both.
   */
  boolean publishes(byte @Nullable [] key, Instant appended) {
    if (venues.isEmpty()) {
      return true;
    }
    Kept kept = of(key);
    return kept.tenure().began() ? kept.tenure().decides() : !appended.isBefore(kept.known());
  }

  private Kept others() {
    return venues.getOrDefault(OTHERS, ALWAYS);
  }

  private Kept of(byte @Nullable [] key) {
    if (key == null) {
      return others();
    }
    int end = 0;
    while (end < key.length && key[end] != '/') {
      end++;
    }
    return venues.getOrDefault(new String(key, 0, end, StandardCharsets.UTF_8), others());
  }

  private static byte[] bytes(Kept kept) {
    List<Tenure.Span> spans = kept.tenure().spans();
    ByteBuffer buffer = ByteBuffer.allocate(1 + Long.BYTES * (2 + 2 * spans.size()));
    buffer.put(VERSION).putLong(kept.known().toEpochMilli()).putLong(kept.tenure().read());
    spans.forEach(span -> buffer.putLong(span.from()).putLong(span.until()));
    return buffer.array();
  }

  private static Kept kept(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    if (buffer.get() != VERSION) {
      throw new IllegalStateException("a hand-over was kept by a later version");
    }
    Instant known = Instant.ofEpochMilli(buffer.getLong());
    long read = buffer.getLong();
    List<Tenure.Span> spans = new ArrayList<>();
    while (buffer.hasRemaining()) {
      spans.add(new Tenure.Span(buffer.getLong(), buffer.getLong()));
    }
    return new Kept(new Tenure(spans, read), known);
  }
}
