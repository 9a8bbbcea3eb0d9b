/**
 * What a benchmark came to: medians over its pairs, tables, charts, and the targets that were met
 * or missed.
 */
@NullMarked
package io.countermand.bench.report;

import org.jspecify.annotations.NullMarked;
