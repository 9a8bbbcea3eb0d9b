// Over 300 lines: all of a mass cancel between domain and Avro, field by field.
package io.countermand.codec;

import static io.countermand.codec.Values.all;
import static io.countermand.codec.Values.micros;
import static io.countermand.codec.Values.microsOrNull;
import static io.countermand.codec.Values.name;
import static io.countermand.codec.Values.named;

import io.countermand.domain.CancelResult;
import io.countermand.domain.Reason;
import io.countermand.domain.mass.AccountSeen;
import io.countermand.domain.mass.MassCancel;
import io.countermand.domain.mass.MassPart;
import io.countermand.domain.mass.MassReport;
import io.countermand.domain.mass.MassScope;
import io.countermand.domain.order.Side;
import io.countermand.events.MassAccount;
import io.countermand.events.MassBulk;
import io.countermand.events.MassFrozen;
import io.countermand.events.MassLeft;
import io.countermand.events.MassProgress;
import io.countermand.events.MassSettled;
import io.countermand.events.MassState;
import io.countermand.events.serde.Trust;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Mass cancels, their parts and reports between domain and Avro. */
public final class MassCodec {

  static {
    Trust.ourRecords();
  }

  private MassCodec() {}

  /** For a store. */
  public static byte[] bytes(MassCancel mass) {
    return bytes(() -> toAvro(mass).toByteBuffer());
  }

  public static MassCancel mass(ByteBuffer bytes) {
    try {
      return fromAvro(io.countermand.events.MassCancel.fromByteBuffer(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException("state could not be read", e);
    }
  }

  public static byte[] bytes(MassProgress progress) {
    return bytes(progress::toByteBuffer);
  }

  public static MassProgress progress(byte[] bytes) {
    try {
      return MassProgress.fromByteBuffer(ByteBuffer.wrap(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException("state could not be read", e);
    }
  }

  private interface Encoding {
    ByteBuffer run() throws IOException;
  }

  private static byte[] bytes(Encoding encoding) {
    try {
      ByteBuffer buffer = encoding.run();
      byte[] bytes = new byte[buffer.remaining()];
      buffer.get(bytes);
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException("state could not be written", e);
    }
  }

  public static io.countermand.events.MassCancel toAvro(MassCancel mass) {
    return new io.countermand.events.MassCancel(
        mass.massId(),
        toAvro(mass.scope()),
        mass.by(),
        mass.reason(),
        microsOrNull(mass.deadline()),
        mass.dryRun(),
        mass.includingPositionClose(),
        micros(mass.createdAt()),
        mass.keep(),
        mass.releases());
  }

  public static MassCancel fromAvro(io.countermand.events.MassCancel mass) {
    return new MassCancel(
        mass.getMassId(),
        fromAvro(mass.getScope()),
        mass.getBy(),
        mass.getReason(),
        mass.getDeadline(),
        mass.getDryRun(),
        mass.getIncludingPositionClose(),
        mass.getCreatedAt(),
        mass.getKeep(),
        mass.getReleases());
  }

  static io.countermand.events.MassScope toAvro(MassScope scope) {
    return new io.countermand.events.MassScope(
        scope.all(),
        scope.venue(),
        scope.account(),
        scope.instrument(),
        named(scope.side(), io.countermand.events.Side.class),
        scope.trader(),
        scope.desk(),
        scope.algorithm(),
        scope.client());
  }

  static MassScope fromAvro(io.countermand.events.MassScope scope) {
    return new MassScope(
        scope.getAll(),
        scope.getVenue(),
        scope.getAccount(),
        scope.getInstrument(),
        named(scope.getSide(), Side.class),
        scope.getTrader(),
        scope.getDesk(),
        scope.getAlgorithm(),
        scope.getClient());
  }

  public static MassProgress toAvro(String massId, MassPart part, Instant at, String by) {
    return switch (part) {
      case MassPart.Frozen one -> new MassProgress(massId, toAvro(one), null, null, by, micros(at));
      case MassPart.Settled one ->
          new MassProgress(massId, null, toAvro(one), null, by, micros(at));
      case MassPart.Bulk one ->
          new MassProgress(
              massId,
              null,
              null,
              new MassBulk(
                  one.callId(), one.venue(), one.account(), one.orders(), one.beyond(), one.told()),
              by,
              micros(at));
    };
  }

  /** Null: of a kind that this version does not know. */
  public static @Nullable MassPart fromAvro(MassProgress progress) {
    MassFrozen frozen = progress.getFrozen();
    MassSettled settled = progress.getSettled();
    if (frozen != null || settled != null) {
      return frozen != null ? fromAvro(frozen) : fromAvro(Objects.requireNonNull(settled));
    }
    MassBulk bulk = progress.getBulk();
    return bulk == null
        ? null
        : new MassPart.Bulk(
            bulk.getCallId(),
            bulk.getVenue(),
            bulk.getAccount(),
            bulk.getOrders(),
            List.copyOf(bulk.getBeyond()),
            bulk.getTold());
  }

  private static MassFrozen toAvro(MassPart.Frozen one) {
    return new MassFrozen(
        one.partition(),
        List.copyOf(new TreeSet<>(one.venues())),
        one.orders(),
        one.last(),
        all(
            one.accounts(),
            seen ->
                new io.countermand.events.AccountSeen(
                    seen.venue(),
                    seen.account(),
                    seen.orders(),
                    seen.leftOut(),
                    seen.untold(),
                    microsOrNull(seen.lastWord()))),
        all(one.readTo(), IntentCodec::toAvro),
        one.late());
  }

  private static MassPart fromAvro(MassFrozen one) {
    return new MassPart.Frozen(
        one.getPartition(),
        Set.copyOf(one.getVenues()),
        List.copyOf(one.getOrders()),
        one.getLast(),
        all(
            one.getAccounts(),
            seen ->
                new AccountSeen(
                    seen.getVenue(),
                    seen.getAccount(),
                    seen.getOrders(),
                    seen.getLeftOut(),
                    seen.getUntold(),
                    seen.getLastWord())),
        all(one.getReadTo(), IntentCodec::fromAvro),
        one.getLate());
  }

  private static MassSettled toAvro(MassPart.Settled one) {
    return new MassSettled(
        one.order(),
        one.cancelId(),
        name(one.result(), io.countermand.events.CancelResult.class),
        name(one.reason(), io.countermand.events.Reason.class),
        IntentCodec.toAvro(one.intent()));
  }

  private static MassPart fromAvro(MassSettled one) {
    return new MassPart.Settled(
        one.getOrder(),
        one.getCancelId(),
        name(one.getResult(), CancelResult.class),
        name(one.getReason(), Reason.class),
        IntentCodec.fromAvro(one.getIntent()));
  }

  public static io.countermand.events.MassReport toAvro(MassReport report) {
    Map<String, Integer> rejected = new HashMap<>();
    report.rejected().forEach((reason, count) -> rejected.put(reason.name(), count));
    return new io.countermand.events.MassReport(
        toAvro(report.mass()),
        report.number(),
        name(report.state(), MassState.class),
        report.text(),
        report.total(),
        report.canceled(),
        report.pending(),
        report.unresolved(),
        rejected,
        report.waiting(),
        report.mayBeOpen(),
        all(
            report.accounts(),
            one ->
                new MassAccount(
                    one.venue(),
                    one.account(),
                    one.total(),
                    one.canceled(),
                    one.leftOut(),
                    one.untold(),
                    microsOrNull(one.lastWord()))),
        report.notCovered(),
        all(
            report.left(),
            one ->
                new MassLeft(
                    one.order(),
                    one.cancelId(),
                    named(one.result(), io.countermand.events.CancelResult.class),
                    named(one.reason(), io.countermand.events.Reason.class))),
        report.leftCut(),
        report.beyond(),
        report.beyondUnknown(),
        micros(report.at()));
  }

  public static MassReport fromAvro(io.countermand.events.MassReport report) {
    Map<Reason, Integer> rejected = new EnumMap<>(Reason.class);
    report
        .getRejected()
        .forEach((reason, count) -> rejected.merge(known(reason), count, Integer::sum));
    return new MassReport(
        fromAvro(report.getMass()),
        report.getNumber(),
        name(report.getState(), MassReport.State.class),
        report.getText(),
        report.getTotal(),
        report.getCanceled(),
        report.getPending(),
        report.getUnresolved(),
        rejected,
        report.getWaiting(),
        report.getMayBeOpen(),
        all(
            report.getAccounts(),
            one ->
                new MassReport.Account(
                    one.getVenue(),
                    one.getAccount(),
                    one.getTotal(),
                    one.getCanceled(),
                    one.getLeftOut(),
                    one.getUntold(),
                    one.getLastWord())),
        List.copyOf(report.getNotCovered()),
        all(
            report.getLeft(),
            one ->
                new MassReport.Left(
                    one.getOrder(),
                    one.getCancelId(),
                    named(one.getResult(), CancelResult.class),
                    named(one.getReason(), Reason.class))),
        report.getLeftCut(),
        List.copyOf(report.getBeyond()),
        List.copyOf(report.getBeyondUnknown()),
        report.getAt());
  }

  /** A later version may have more reasons. */
  private static Reason known(String name) {
    for (Reason reason : Reason.values()) {
      if (reason.name().equals(name)) {
        return reason;
      }
    }
    return Reason.OTHER;
  }
}
