/**
 * The figures of a benchmark: latencies, requests and records in Kafka, CPU and memory, calls lost
 * and doubled. {@code bench.report} sums them up.
 */
package io.countermand.bench.measure;
