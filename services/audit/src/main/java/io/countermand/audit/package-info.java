/**
 * Proves from the topics alone what was done: reads them by time, derives every decision again with
 * the functions of {@code domain}, and reports what differs. Calls no venue, writes to no live
 * topic.
 */
@org.jspecify.annotations.NullMarked
package io.countermand.audit;
