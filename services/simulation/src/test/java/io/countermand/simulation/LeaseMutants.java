package io.countermand.simulation;

import io.countermand.domain.Cancel;
import io.countermand.domain.lease.Lease;
import io.countermand.domain.lease.LeaseHold;
import io.countermand.domain.lease.LeaseProof;
import io.countermand.domain.lease.Leases;
import java.time.Instant;
import java.util.List;

/** Leases that are not what they say, or are not understood. */
final class LeaseMutants {

  private LeaseMutants() {}

  /** A desk calls under leases that the ledger knows nothing of. */
  static Conduct withoutALedgerThatKnows() {
    return new Conduct() {
      @Override
      protected List<Long> mayHaveCalled(Leases leases, Cancel cancel) {
        return List.of();
      }
    };
  }

  static Conduct callingUnderAStaleLease() {
    return new Conduct() {
      @Override
      protected boolean valid(LeaseHold.Ticket ticket, long nanos, Instant now) {
        return true;
      }
    };
  }

  static Conduct notWaitingForTheAcknowledgement() {
    return new Conduct() {
      @Override
      protected boolean leaseBeforeAcknowledged() {
        return true;
      }
    };
  }

  /** Whatever a desk wrote last proves what it did about everything before, missing or not. */
  static Conduct notNoticingAGap() {
    return new Conduct() {
      @Override
      protected boolean endsAtALostRecord() {
        return false;
      }

      @Override
      protected Leases after(Leases leases, World.Progress record, Instant appended) {
        Leases next = super.after(leases, record, appended);
        return new Leases(
            next.held().stream().map(LeaseMutants::knowingAllBefore).toList(), next.unreadable());
      }
    };
  }

  private static Leases.Held knowingAllBefore(Leases.Held one) {
    return new Leases.Held(
        one.id(),
        one.venues(),
        one.from(),
        one.to(),
        new LeaseProof(one.proof().decisions(), one.proof().through(), List.of()),
        one.ended(),
        one.heardAt());
  }

  /** What another desk decided proves what this one did. */
  static Conduct clearedByASuccessor() {
    return new Conduct() {
      @Override
      protected Leases after(Leases leases, World.Progress record, Instant appended) {
        Leases next = super.after(leases, record, appended);
        return record instanceof World.Leased(Lease lease) && !lease.ended()
            ? new Leases(
                next.held().stream().filter(one -> one.id() == lease.id()).toList(),
                next.unreadable())
            : next;
      }
    };
  }

  /** It is renewed though nobody knows whether the group still knows the desk. */
  static Conduct renewingWithoutTheGroup() {
    return new Conduct() {
      @Override
      protected long proved(long committed, long now) {
        return committed == 0 ? 0 : now;
      }
    };
  }

  /** It goes on being in force after the last record says that it has ended. */
  static Conduct endingWhatIsNotProved() {
    return new Conduct() {
      @Override
      protected Lease written(Lease lease) {
        return new Lease(
            lease.id(),
            lease.venues(),
            lease.fromOffset(),
            lease.readTo(),
            lease.until(),
            lease.decisions(),
            lease.readTo(),
            lease.ended());
      }
    };
  }

  /** A decision that nobody could read proves what it would have said. */
  static Conduct provedByWhatNobodyRead() {
    return new Conduct() {
      @Override
      protected Leases unreadable(Leases leases, Lease.Place place, Instant appended) {
        return leases;
      }
    };
  }

  /** What a lease held back stays so until its deadline, whatever is heard of the lease. */
  static Conduct waitingForTheDeadline() {
    return new Conduct() {
      @Override
      protected boolean looksAgain() {
        return false;
      }
    };
  }
}
