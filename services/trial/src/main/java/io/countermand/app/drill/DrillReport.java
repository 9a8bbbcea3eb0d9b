package io.countermand.app.drill;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a drill found; as JSON with these names, which stay. Times are UTC, ISO 8601; figures in
 * milliseconds count from when the mass cancel was in the log, null: it did not happen.
 *
 * @param verdict one sentence
 * @param exitCode of the command
 * @param flat whether no order in scope is open at the venues, and none may be by the report
 * @param orders each finding about one order
 * @param differences between the books, in words; not those that an order of {@code orders} has
 * @param notCovered as the mass cancel's report says it
 * @param faultsMet how many calls each fault met, by the venues' journal
 * @param kills what was killed, and when
 * @param notShown what such a drill cannot show
 */
public record DrillReport(
    String verdict,
    int exitCode,
    boolean flat,
    Asked asked,
    Setting setting,
    List<Venue> venues,
    Venue total,
    Times times,
    MassSays massReport,
    List<Finding> orders,
    List<String> differences,
    List<String> notCovered,
    NewOrders newOrders,
    Map<String, Integer> faultsMet,
    List<String> kills,
    List<String> notShown) {

  /**
   * What was asked for, and by whom.
   *
   * @param at when the mass cancel was in the log
   */
  public record Asked(
      String by, String at, String massId, String scope, String reason, String within) {}

  /**
   * How it was tried.
   *
   * @param commit of the sources; null: not run from a checkout
   */
  public record Setting(
      String version,
      @Nullable String commit,
      int orders,
      List<String> venues,
      String rates,
      String faults,
      long seed,
      double newOrdersPerSecond,
      String machine) {}

  /**
   * One venue's orders in scope: {@code inScope} is the sum of canceled, filledBefore, rejected,
   * pending, unresolved and noOutcome.
   *
   * @param calls cancels that came to the venue
   * @param repeatedCalls of them again for the same order, the answer before having been lost
   * @param doubledCalls of them again for the same order, with no such cause
   * @param statusCalls questions for a state
   * @param survivors open at the venue in the end
   */
  public record Venue(
      String venue,
      int inScope,
      int calls,
      int repeatedCalls,
      int doubledCalls,
      int statusCalls,
      int canceled,
      int filledBefore,
      int rejected,
      int pending,
      int unresolved,
      int noOutcome,
      int survivors) {

    Venue and(Venue other, String name) {
      return new Venue(
          name,
          inScope + other.inScope,
          calls + other.calls,
          repeatedCalls + other.repeatedCalls,
          doubledCalls + other.doubledCalls,
          statusCalls + other.statusCalls,
          canceled + other.canceled,
          filledBefore + other.filledBefore,
          rejected + other.rejected,
          pending + other.pending,
          unresolved + other.unresolved,
          noOutcome + other.noOutcome,
          survivors + other.survivors);
    }

    static Venue none(String name) {
      return new Venue(name, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }
  }

  /**
   * How long it took, in milliseconds from when the mass cancel was in the log.
   *
   * @param scopeFrozen every partition's desk has told its scope
   * @param firstCall the first cancel is at a venue
   * @param lastFirstCall each order that was called for has had its first call
   * @param lastOrderOver the last change of an order in scope at the venues
   * @param lastOutcome the last outcome is decided
   * @param lastReport the last report is made
   */
  public record Times(
      @Nullable Double scopeFrozen,
      @Nullable Double firstCall,
      @Nullable Double lastFirstCall,
      @Nullable Double lastOrderOver,
      @Nullable Double lastOutcome,
      @Nullable Double lastReport) {}

  /** The sums of the mass cancel's last report, or of the latest that came. */
  public record MassSays(
      String state,
      int total,
      int canceled,
      int pending,
      int unresolved,
      int rejected,
      int waiting,
      int mayBeOpen) {}

  /** What an order shows that is not right. */
  public enum Kind {
    /** Open at the venue in the end, though in scope. */
    SURVIVOR,
    /** A call came for it, though it was not in the frozen scope. */
    TOUCHED_OUTSIDE,
    /** Cancelled again, though the answer before had not been lost. */
    DOUBLED_CALL,
    /** Its outcome says another thing than the venue's journal. */
    UNTRUE_OUTCOME,
    /** In scope, and without an outcome, or with more than one of this mass cancel. */
    NOT_ONE_OUTCOME,
    /** Open before the mass cancel and meant by its scope, but not in the frozen one. */
    MISSED
  }

  /**
   * @param outcome null: none
   */
  public record Finding(Kind kind, String order, @Nullable String outcome, String text) {}

  /**
   * Orders that opened while the scope froze.
   *
   * @param inScope of them in the frozen scope
   * @param leftOpen of the others, those that are open: a mass cancel does not mean them
   */
  public record NewOrders(int placed, int inScope, int leftOpen) {}

  long count(Kind kind) {
    return orders.stream().filter(one -> one.kind() == kind).count();
  }

  /** As JSON on one line. */
  public String line() {
    try {
      return new ObjectMapper().writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** With an end of line. */
  public String json() {
    try {
      return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(this)
          + "\n";
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
