/**
 * The figures of a benchmark: latencies, requests and records in Kafka, CPU and memory, calls lost
 * and doubled. {@code bench.report} sums them up.
 */
@NullMarked
package io.countermand.bench.measure;

import org.jspecify.annotations.NullMarked;
