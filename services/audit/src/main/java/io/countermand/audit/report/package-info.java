/**
 * What an audit found, as files: {@code audit.html} for people, {@code differences.jsonl}, and
 * {@code cancels.parquet} with a row for each cancel.
 */
package io.countermand.audit.report;
