package io.countermand.bench.measure;

/**
 * The desk alone, with a table of some size.
 *
 * @param orders in the table, a quarter of them terminal
 * @param eventsPerSecond at which the table took the order events
 * @param toDecision milliseconds from when an intent of an open order was due to its decision, at
 *     300/s
 * @param refusedPerSecond intents of terminal orders, all at once, from the first to the last
 *     decision
 * @param peakMegabytes resident, since the process began
 * @param diskMegabytes of its stores; without a restart, what they have flushed by then
 * @param restartSeconds until it decides again, in all partitions, after a clean stop; negative:
 *     not measured
 * @param restoreSeconds the same, with its disk lost
 * @param standbySeconds from when it is stopped until another instance, which has a standby of all
 *     its stores, decides
 */
public record DeskMeasured(
    long orders,
    double eventsPerSecond,
    Latencies toDecision,
    double refusedPerSecond,
    double peakMegabytes,
    double diskMegabytes,
    double restartSeconds,
    double restoreSeconds,
    double standbySeconds) {}
