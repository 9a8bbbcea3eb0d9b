package io.countermand.bench.measure;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.SortedMap;

/**
 * One load through one variant. Times of intents count from when each was due.
 *
 * @param problems why the figures are worth nothing; empty if they are
 * @param results how many of each kind
 * @param toVenue milliseconds until the request was there
 * @param toResult milliseconds until a read_committed reader had the result
 * @param toResultUncommitted the same, read_uncommitted
 * @param lastCall seconds from the first intent to the last request at the venue
 * @param lastResult seconds from the first intent to the last result, read_committed
 * @param callsPerSecond until the last request
 * @param intentsPerSecond until the last result, read_committed
 * @param sentLate milliseconds that the harness was late with an intent
 * @param cpuPer1000 CPU seconds of the variant's processes per 1,000 intents
 * @param peakMegabytes resident, of the variant's processes, since they began
 * @param bytesPerIntent written to Kafka's logs by everybody, without the intents themselves
 * @param brokerCpuPer1000 CPU seconds of the broker per 1,000 intents
 * @param venueCpuPer1000 CPU seconds of the simulator per 1,000 intents
 * @param compilerCpuPer1000 of all three's CPU seconds, those of their JVMs' compilers: how much of
 *     what was measured is warming up; below zero if a compiler's thread ended meanwhile
 * @param stolenPercent of the processors' time: the host gave it to another machine
 * @param lost orders that were never called and should have been, by the venue's journal
 * @param doubled calls beyond one per order, those for orders of earlier loads included
 * @param bytesByTopic what each topic's log grew by per intent, batches' headers included; that of
 *     the intents, too, which is not in {@code bytesPerIntent}
 * @param kafka records and requests
 */
public record Measured(
    int pair,
    String variant,
    String load,
    int intents,
    long venueLatencyMs,
    List<String> problems,
    SortedMap<String, Integer> results,
    int calls,
    Latencies toVenue,
    Latencies toResult,
    Latencies toResultUncommitted,
    double lastCall,
    double lastResult,
    double callsPerSecond,
    double intentsPerSecond,
    Latencies sentLate,
    double cpuPer1000,
    double peakMegabytes,
    double bytesPerIntent,
    double brokerCpuPer1000,
    double venueCpuPer1000,
    double compilerCpuPer1000,
    double stolenPercent,
    int lost,
    int doubled,
    SortedMap<String, Double> bytesByTopic,
    @JsonUnwrapped KafkaCost kafka) {

  public boolean valid() {
    return problems.isEmpty();
  }
}
