/**
 * What a benchmark came to: medians over its pairs, tables, charts, and the targets that were met
 * or missed.
 */
package io.countermand.bench.report;
