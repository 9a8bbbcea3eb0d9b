package io.countermand.simulation;

import io.countermand.domain.decision.HandOver;
import io.countermand.domain.decision.Tenure;

/** Groups of desks that begin too early, or end too early or never. */
final class HandOverMutants {

  private HandOverMutants() {}

  private interface Rule {
    Tenure after(Tenure tenure, HandOver record, long offset, String group);
  }

  /** The group that had the venue goes on. */
  static Conduct goingOn() {
    return with(
        (tenure, record, offset, group) ->
            record.to().equals(group) ? tenure.after(record, offset, group) : tenure);
  }

  /** The group that had the venue ends, and the next one does not begin. */
  static Conduct neverBeginning() {
    return with(
        (tenure, record, offset, group) ->
            record.to().equals(group) ? tenure : tenure.after(record, offset, group));
  }

  /** The next group decides whatever it reads. */
  static Conduct beginningAtOnce() {
    return new Conduct() {
      @Override
      protected Tenure first(boolean configured) {
        return Tenure.ALWAYS;
      }
    };
  }

  private static Conduct with(Rule rule) {
    return new Conduct() {
      @Override
      protected Tenure after(Tenure tenure, HandOver record, long offset, String group) {
        return rule.after(tenure, record, offset, group);
      }
    };
  }
}
