/**
 * What an audit found, as files: {@code audit.html} for people, {@code differences.jsonl}, and
 * {@code cancels.parquet} with a row for each cancel.
 */
@NullMarked
package io.countermand.audit.report;

import org.jspecify.annotations.NullMarked;
