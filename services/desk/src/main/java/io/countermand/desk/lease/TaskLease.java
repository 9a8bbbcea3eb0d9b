package io.countermand.desk.lease;

import io.countermand.domain.Cancel;
import io.countermand.domain.lease.Lease;
import io.countermand.domain.lease.LeaseHold;
import io.countermand.domain.lease.LeaseRules;
import io.countermand.domain.order.Evidence;
import io.countermand.kafka.streams.Alarm;
import io.countermand.kafka.streams.DurableSends;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes a task's leases, numbers its decisions, and gives leave to call. For its own thread. */
public final class TaskLease {

  private static final Logger LOG = LoggerFactory.getLogger(TaskLease.class);

  /** Eight bytes in a record; two leases of a partition at a time are as good as never alike. */
  private static final long IDS = 1L << 55;

  private final LeaseHold hold;
  private final DurableSends sends;
  private final Consumer<Lease> out;
  private final Alarm rest;
  private final LeaseRules rules;

  /**
   * @param out forwards a lease to the task's partition of the progress
   * @param decides names of the venues whose intents the task decides
   */
  public TaskLease(
      ProcessorContext<?, ?> context,
      DurableSends sends,
      Consumer<Lease> out,
      Supplier<Set<String>> decides) {
    this.rules = LeaseRules.within(sends.session());
    this.hold = new LeaseHold(rules, decides, () -> ThreadLocalRandom.current().nextLong(1, IDS));
    this.sends = sends;
    this.out = out;
    this.rest = new Alarm(context, this::rested);
  }

  /** An intent is about to be decided. */
  public void reads(long intent) {
    hold.reads(intent, System.nanoTime());
    write(due());
  }

  /** All intents before this one were read. */
  public void hasRead(long next) {
    hold.hasRead(next - 1);
  }

  private LeaseHold.@Nullable Claim due() {
    return hold.due(sends.provedNanos(), System.nanoTime(), Instant.now());
  }

  private Instant rested(Instant now) {
    write(due());
    return hold.held() ? now.plus(rules.length()) : Instant.MAX;
  }

  private void write(LeaseHold.@Nullable Claim claim) {
    if (claim == null) {
      return;
    }
    sends.send(
        () -> out.accept(claim.lease()),
        new DurableSends.Then() {
          @Override
          public void durable(Instant appended, Evidence at) {
            hold.acknowledged(claim, appended, System.nanoTime());
          }

          @Override
          public void failed() {}
        });
    if (!claim.lease().ended()) {
      rest.noLaterThan(Instant.now().plus(rules.length()));
    }
  }

  /** What comes is decided by others, or by nobody: no call is begun under it any more. */
  public void end() {
    write(hold.end(System.nanoTime(), Instant.now()));
  }

  /** A decision that had its place could not be written. Any thread. */
  public void lost() {
    hold.lost();
  }

  /** The place of a decision that is written next, if no call's marker; null: no lease. */
  public Lease.@Nullable Place place(Cancel cancel) {
    return hold.numbered(cancel.intent().offset());
  }

  /** The place of a decision that is written next, and is the marker of a call. */
  public Lease.Place place(Cancel cancel, String attemptId) {
    Lease.Place place = place(cancel);
    return place == null
        ? Lease.Place.unleased(cancel.intent().offset(), attemptId)
        : place.marking(attemptId);
  }

  /** Leave to call before the decision is durable; before that has its place. Null: none. */
  public @Nullable Leave leave(Cancel cancel) {
    if (cancel.massId() != null) {
      return null;
    }
    LeaseHold.Ticket ticket =
        hold.ticket(cancel.intent().offset(), System.nanoTime(), Instant.now());
    return ticket == null ? null : new Leave(hold, ticket);
  }

  /**
   * The task ends: so does its lease, and what has leave and was not begun waits for its marker.
   */
  public void close() {
    rest.cancel();
    try {
      end();
    } catch (RuntimeException e) { // then it covers what it covered
      LOG.atDebug().setCause(e).log("lease not ended");
    }
    hold.over();
  }

  /** Leave to begin one call. Any thread. */
  public record Leave(LeaseHold hold, LeaseHold.Ticket ticket) {

    /** Whether it holds now. */
    public boolean holds() {
      return !hold.isOver() && ticket.valid(System.nanoTime(), Instant.now());
    }

    /** It is this late at least, by the log's clock: the lease's place in it, and the intent's. */
    public Instant atLeast(Cancel cancel) {
      Instant late = ticket.atLeast(System.nanoTime());
      return cancel.receivedAt().isAfter(late) ? cancel.receivedAt() : late;
    }
  }
}
