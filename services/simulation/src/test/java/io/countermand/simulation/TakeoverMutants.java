package io.countermand.simulation;

import io.countermand.domain.Cancel;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.decision.DeskDecision;
import io.countermand.domain.decision.DeskOrder;
import io.countermand.domain.decision.DeskRules;
import io.countermand.domain.decision.MarkerPlaces;
import io.countermand.domain.decision.QueueView;
import io.countermand.domain.order.Evidence;
import java.time.Instant;

/** Desks that take over what waits, and call too much of it or too little. */
final class TakeoverMutants {

  private TakeoverMutants() {}

  /** As it was: both wait, and both are called. */
  static Conduct keepingWhatIsAskedBesideWhatWaits() {
    return new Conduct() {
      @Override
      protected boolean asksBesideWhatWaits() {
        return true;
      }
    };
  }

  /** One whose call is under way, and may never be answered, drops what the ledger asks. */
  static Conduct droppingWhatIsAskedThoughNothingWaits() {
    return new Conduct() {
      @Override
      protected boolean onlyWhatWaitsStandsIn() {
        return false;
      }
    };
  }

  /** An outcome takes out of the queue only what the ledger asked for. */
  static Conduct leavingTheFirst() {
    return new Conduct() {
      @Override
      protected boolean settledWithdrawsTheFirst() {
        return false;
      }
    };
  }

  /** What was marked after its task had ended is made again by the next task of the process. */
  static Conduct forgettingWhatItMarked() {
    return new Conduct() {
      @Override
      protected boolean remembersHanded() {
        return false;
      }
    };
  }

  /** What the ledger asks for after a call that was not sent is dropped. */
  static Conduct droppingWhatIsAskedAfterNotSent() {
    return new Conduct() {
      @Override
      protected boolean asksAfterNotSent() {
        return false;
      }
    };
  }

  /** As it was: no marker stands for what was asked before it was read. */
  static Conduct callingThoughItHasMarkedSince() {
    return new Conduct() {
      @Override
      protected boolean markedSince(MarkerPlaces markers, CancelRequest asked) {
        return false;
      }
    };
  }

  /** Any marker stands for what is asked, one that the ledger had read when it asked, too. */
  static Conduct droppingWhatIsAskedBehindAMarker() {
    return new Conduct() {
      @Override
      protected boolean markedSince(MarkerPlaces markers, CancelRequest asked) {
        Evidence from = asked.follows();
        return from != null
            && markers.behind(asked.following(new Evidence(from.topic(), from.partition(), -1)));
      }
    };
  }

  /** What a task found that then failed to begin waits in the lane, under nobody. */
  static Conduct offeringBeforeItHasBegun() {
    return new Conduct() {
      @Override
      protected boolean offersBeforeItHasBegun() {
        return true;
      }
    };
  }

  /** What its disk knows it does not tell the changelog. */
  static Conduct trustingItsDisk() {
    return new Conduct() {
      @Override
      protected boolean logsWhatItReadsAgain() {
        return false;
      }
    };
  }

  /** What was found is decided as if nothing waited. */
  static Conduct joiningWhatWasFound() {
    return new Conduct() {
      @Override
      protected DeskDecision decideFound(
          DeskRules rules, DeskOrder known, Cancel cancel, Instant now) {
        return rules.decide(known, cancel, now, QueueView.EMPTY);
      }
    };
  }
}
