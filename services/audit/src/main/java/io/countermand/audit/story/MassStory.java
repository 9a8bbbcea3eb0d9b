// Over 300 lines: one story, each kind of its lines.
package io.countermand.audit.story;

import io.countermand.audit.source.Range;
import io.countermand.audit.source.RecordSource;
import io.countermand.codec.MassCodec;
import io.countermand.codec.SwitchCodec;
import io.countermand.domain.CancelResult;
import io.countermand.domain.mass.KillSwitch;
import io.countermand.domain.mass.MassCancel;
import io.countermand.domain.mass.MassIntents;
import io.countermand.domain.mass.MassPart;
import io.countermand.domain.mass.MassReport;
import io.countermand.domain.order.Evidence;
import io.countermand.events.MassProgress;
import io.countermand.events.serde.Decoded;
import io.countermand.events.serde.EventDecoder;
import io.countermand.platform.Topics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A mass cancel, or a kill switch: who asked, where it was taken, the scope, the last report, what
 * became of the orders that opened later; then each order that was not cancelled, and what nobody
 * looked at.
 */
final class MassStory {

  /** A place, and Kafka's time of the record. */
  record At(Evidence at, Instant time) {}

  private record Settled(MassPart.Settled part, At at) {}

  private record Bulk(MassPart.Bulk part, At at) {}

  private final String massId;
  private final List<At> commands = new ArrayList<>();
  private final Set<String> frozen = new HashSet<>();
  private final Map<String, Settled> settled = new TreeMap<>();
  private final List<Bulk> bulks = new ArrayList<>();
  private @Nullable MassCancel mass;
  private @Nullable At told;
  private @Nullable MassReport report;
  private @Nullable At reported;
  private @Nullable KillSwitch shown;
  private @Nullable At changed;

  MassStory(String massId) {
    this.massId = massId;
  }

  /** In order; empty: there is no such mass cancel. */
  static List<StoryLine> lines(RecordSource source, Range range, String massId) {
    var story = new MassStory(massId);
    read(
        source,
        range,
        Topics.MASS_COMMANDS,
        io.countermand.events.MassCancel.class,
        (value, at) -> story.command(MassCodec.fromAvro(value), at));
    read(
        source,
        range,
        Topics.MASS_REPORTS,
        io.countermand.events.MassReport.class,
        (value, at) -> story.report(MassCodec.fromAvro(value), at));
    if (story.mass == null) {
      return List.of();
    }
    read(
        source,
        range,
        Topics.MASS_PROGRESS,
        MassProgress.class,
        (value, at) -> story.part(value.getMassId(), MassCodec.fromAvro(value), at));
    read(
        source,
        range,
        Topics.KILL_SWITCHES,
        io.countermand.events.KillSwitch.class,
        (value, at) -> story.shown(SwitchCodec.fromAvro(value), at));
    return story.tell();
  }

  void command(MassCancel one, At at) {
    if (one.massId().equals(massId)) {
      mass = one;
      commands.add(at);
    }
  }

  void report(MassReport one, At at) {
    if (one.mass().massId().equals(massId) && (report == null || report.number() <= one.number())) {
      report = one;
      reported = at;
      mass = mass == null ? one.mass() : mass; // one that was refused
    }
  }

  void part(String of, @Nullable MassPart part, At at) {
    if (!of.equals(massId)) {
      return;
    }
    switch (part) {
      case MassPart.Frozen one -> {
        frozen.addAll(one.orders());
        told = at;
      }
      case MassPart.Settled one -> settled.put(one.order(), new Settled(one, at));
      case MassPart.Bulk one -> bulks.add(new Bulk(one, at));
      case null -> {}
    }
  }

  void shown(KillSwitch one, At at) {
    if (one.mass().massId().equals(massId)) {
      shown = one;
      changed = at;
    }
  }

  private static <T extends SpecificRecord> void read(
      RecordSource source, Range range, String topic, Class<T> type, BiConsumer<T, At> each) {
    EventDecoder<T> decoder = source.serdes().decoder(type);
    for (Range.Part part : range.parts(topic).values()) {
      source.read(
          topic,
          part.partition(),
          part.from(),
          part.to(),
          record -> {
            if (record.value() != null
                && decoder.decode(topic, record.value()) instanceof Decoded.Ok<T>(T value)) {
              each.accept(value, at(record));
            }
          });
    }
  }

  private static At at(ConsumerRecord<byte[], byte[]> record) {
    return new At(
        new Evidence(record.topic(), record.partition(), record.offset()),
        Instant.ofEpochMilli(record.timestamp()));
  }

  List<StoryLine> tell() {
    List<StoryLine> lines = new ArrayList<>();
    MassCancel one = mass;
    if (one == null) {
      return lines;
    }
    At first = commands.isEmpty() ? reported : commands.getFirst();
    if (first != null) {
      asked(lines, one, first);
    }
    if (told != null) {
      add(lines, told, "scope", null, Map.of("orders", Integer.toString(frozen.size())));
    }
    bulks.forEach(each -> bulk(lines, each));
    if (report != null && reported != null) {
      report(lines, report, reported);
    }
    List<Settled> later =
        settled.values().stream().filter(each -> !frozen.contains(each.part().order())).toList();
    if (one.keep() && shown != null && changed != null) {
      turned(lines, shown, changed, later);
    }
    notCancelled(lines, later);
    return lines;
  }

  private void asked(List<StoryLine> lines, MassCancel one, At first) {
    Map<String, String> details = new LinkedHashMap<>();
    details.put(
        "scope", one.releases() == null ? one.scope().words() : "release " + one.releases());
    details.put("by", one.by());
    details.put("why", one.reason());
    if (one.keep()) {
      details.put("keep", "yes");
    }
    if (one.dryRun() && one.releases() == null) {
      details.put("dryRun", "yes");
    }
    if (one.includingPositionClose()) {
      details.put("includingPositionClose", "yes");
    }
    lines.add(line(one.createdAt(), first, "asked", null, details));
    if (!commands.isEmpty()) {
      add(lines, first, "taken", null, Map.of("partitions", Integer.toString(commands.size())));
    }
  }

  /** One call for all of an account, and what it hit that was not meant. */
  private static void bulk(List<StoryLine> lines, Bulk one) {
    Map<String, String> details = new LinkedHashMap<>();
    details.put("venue", one.part().venue());
    details.put("account", one.part().account());
    details.put("orders", Integer.toString(one.part().orders()));
    details.put("beyond", one.part().told() ? one.part().beyond().toString() : "not known yet");
    boolean made = one.part().orders() > 0;
    add(lines, one.at(), made ? "one call for many" : "no call for many after all", null, details);
  }

  private static void report(List<StoryLine> lines, MassReport is, At at) {
    Map<String, String> details = new LinkedHashMap<>();
    details.put("state", is.state().name());
    details.put("total", Integer.toString(is.total()));
    details.put("canceled", Integer.toString(is.canceled()));
    details.put("pending", Integer.toString(is.pending()));
    details.put("unresolved", Integer.toString(is.unresolved()));
    details.put("waiting", Integer.toString(is.waiting()));
    details.put("rejected", new TreeMap<>(is.rejected()).toString());
    details.put("mayBeOpen", Integer.toString(is.mayBeOpen()));
    details.put("text", is.text());
    lines.add(line(is.at(), at, "report", null, details));
    is.beyond()
        .forEach(
            order ->
                lines.add(line(is.at(), at, "hit beyond the scope", null, Map.of("order", order))));
    is.beyondUnknown()
        .forEach(
            account ->
                lines.add(
                    line(
                        is.at(),
                        at,
                        "not known what was hit beyond the scope",
                        null,
                        Map.of("account", account))));
    is.notCovered()
        .forEach(text -> lines.add(line(is.at(), at, "not covered", null, Map.of("what", text))));
  }

  /** Whether the switch is on, and what it did since it fired. */
  private static void turned(List<StoryLine> lines, KillSwitch one, At at, List<Settled> later) {
    Map<String, String> details = new LinkedHashMap<>();
    KillSwitch.Release released = one.released();
    if (released != null) {
      details.put("by", released.by());
      details.put("why", released.reason());
      details.put("release", released.releaseId());
    }
    details.put("laterOrders", Integer.toString(later.size()));
    details.put(
        "canceled",
        Long.toString(
            later.stream().filter(each -> each.part().result() == CancelResult.CANCELED).count()));
    lines.add(
        line(
            released == null ? one.since() : released.at(),
            at,
            released == null ? "on" : "released",
            null,
            details));
  }

  /** Of the scope by its parts, since a report names some hundreds at the most; then later ones. */
  private void notCancelled(List<StoryLine> lines, List<Settled> later) {
    Map<String, @Nullable Settled> all = new TreeMap<>();
    frozen.forEach(order -> all.put(order, settled.get(order)));
    later.forEach(each -> all.put(each.part().order(), each));
    all.forEach(
        (order, one) -> {
          Map<String, String> details = new LinkedHashMap<>();
          details.put("order", order);
          At at = one == null ? told : one.at();
          if (one == null) {
            details.put("result", "no outcome yet");
          } else {
            details.put("result", one.part().result().name());
            details.put("reason", one.part().reason().name());
          }
          if (at != null && (one == null || one.part().result() != CancelResult.CANCELED)) {
            String id = MassIntents.cancelId(massId, order);
            add(lines, at, "not cancelled", id, details);
          }
        });
  }

  private static void add(
      List<StoryLine> lines,
      At at,
      String what,
      @Nullable String cancelId,
      Map<String, String> details) {
    lines.add(line(at.time(), at, what, cancelId, details));
  }

  private static StoryLine line(
      Instant when, At at, String what, @Nullable String cancelId, Map<String, String> details) {
    return new StoryLine(when, at.time(), what, cancelId, oneLine(details), at.at());
  }

  private static Map<String, String> oneLine(Map<String, String> details) {
    Map<String, String> all = new LinkedHashMap<>();
    details.forEach((name, text) -> all.put(name, text.replace('\n', ' ').replace('\r', ' ')));
    return all;
  }
}
