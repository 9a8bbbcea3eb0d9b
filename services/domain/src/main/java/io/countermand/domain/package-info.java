/**
 * The words of the flow: an intent, the cancel that it becomes, a call asked for, an attempt, a
 * reply, an outcome and its reason. The packages below decide with them. Pure: no Kafka, HTTP or
 * clock, so that desk, ledger, audit and simulation use the same rules.
 */
@NullMarked
package io.countermand.domain;

import org.jspecify.annotations.NullMarked;
