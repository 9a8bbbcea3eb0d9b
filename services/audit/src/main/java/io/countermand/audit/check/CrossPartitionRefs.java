package io.countermand.audit.check;

import io.countermand.domain.Cancel;
import io.countermand.domain.order.Evidence;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What one partition's checks leave open, since the other half stands in another partition: a
 * malformed intent can have a key of its own, and a misplaced record is published again elsewhere.
 * Few, unless somebody publishes rubbish in bulk.
 */
public final class CrossPartitionRefs {

  /**
   * A record that carries a cancel whose intent does not stand with the order's records.
   *
   * @param outcome whether it is the outcome
   */
  public record Ref(Cancel cancel, Evidence at, boolean outcome) {}

  /**
   * An intent that is refused where it is, since it is malformed or was moved too often, and does
   * not stand where its order's records do.
   */
  public record Loose(Cancel cancel, Evidence at, Instant time) {}

  /** A record that must have been published again, or given up. */
  public record Misplaced(Evidence at, Instant time, String key) {}

  public final List<Ref> refs = new ArrayList<>();
  public final List<Loose> loose = new ArrayList<>();
  public final List<Misplaced> misplaced = new ArrayList<>();

  void add(Ref ref) {
    refs.add(ref);
  }
}
