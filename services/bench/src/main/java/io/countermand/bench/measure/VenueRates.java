package io.countermand.bench.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;

/**
 * What became of many cancels at once at one venue, at the rate that its adapter comes with.
 *
 * @param orders whose cancels were asked for at once
 * @param called of these, by the venue's journal
 * @param calls for these; more than {@code called}: some twice
 * @param seconds from the first call to the last
 * @param allowedPerSecond the adapter's rate, for all instances of the user
 * @param callsPerSecond from the call in the middle to the last: when no burst is left
 * @param userCallsPerSecond the same of all instances of the user together
 * @param outcomes how many of each kind
 * @param unanswered intents without an outcome in time
 * @param freshFirst how many other calls came between the sending of a cancel with a priority,
 *     after all others, and its call; -1: it was not called
 * @param secondAccount the same of a cancel of another account, without a priority
 */
public record VenueRates(
    int orders,
    int called,
    int calls,
    double seconds,
    double allowedPerSecond,
    double callsPerSecond,
    double userCallsPerSecond,
    SortedMap<String, Integer> outcomes,
    int unanswered,
    int freshFirst,
    int secondAccount) {

  /**
   * A cancel that reached the venue.
   *
   * @param at microseconds
   */
  public record Call(String orderId, long at) {}

  public static VenueRates of(
      Set<String> orders,
      List<Call> ofVenue,
      List<Call> ofUser,
      double allowedPerSecond,
      SortedMap<String, Integer> outcomes,
      Late fresh,
      Late other) {
    List<Call> calls = ofVenue.stream().filter(call -> orders.contains(call.orderId())).toList();
    return new VenueRates(
        orders.size(),
        (int) calls.stream().map(Call::orderId).distinct().count(),
        calls.size(),
        seconds(calls),
        allowedPerSecond,
        perSecond(ofVenue),
        perSecond(ofUser),
        outcomes,
        orders.size() - outcomes.values().stream().mapToInt(Integer::intValue).sum(),
        fresh.before(ofVenue),
        other.before(ofVenue));
  }

  /**
   * A cancel that was sent after the others.
   *
   * @param sent when Kafka had it, microseconds
   */
  public record Late(String orderId, long sent) {

    private int before(List<Call> calls) {
      int before = 0;
      for (Call call : sorted(calls)) {
        if (call.orderId().equals(orderId)) {
          return before;
        }
        before += call.at() > sent ? 1 : 0;
      }
      return -1;
    }
  }

  /** Whether each order was called, once, and each intent answered. */
  public boolean valid() {
    return called == orders && calls == orders && unanswered == 0;
  }

  private static double seconds(List<Call> calls) {
    var times = calls.stream().mapToLong(Call::at).summaryStatistics();
    return calls.isEmpty() ? 0 : (times.getMax() - times.getMin()) / 1e6;
  }

  private static double perSecond(List<Call> calls) {
    List<Call> late = sorted(calls).subList(calls.size() / 2, calls.size());
    double seconds = seconds(late);
    return seconds == 0 ? 0 : (late.size() - 1) / seconds;
  }

  private static List<Call> sorted(List<Call> calls) {
    List<Call> sorted = new ArrayList<>(calls);
    sorted.sort((one, other) -> Long.compare(one.at(), other.at()));
    return sorted;
  }
}
