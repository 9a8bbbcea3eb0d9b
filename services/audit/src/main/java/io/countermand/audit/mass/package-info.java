/**
 * Mass cancels and kill switches in the audit: their scope, outcomes, sums and ends, derived again
 * from the topics.
 */
@NullMarked
package io.countermand.audit.mass;

import org.jspecify.annotations.NullMarked;
