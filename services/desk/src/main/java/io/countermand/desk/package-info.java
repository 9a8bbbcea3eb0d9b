/**
 * The role between intent and venue: reads {@code cancel-intents}, knows from {@code order-events}
 * how each order stands, decides, and has the lane of the venue make the call. What it decides,
 * calls and hears goes to {@code cancel-progress}, where the ledger takes over. Also freezes the
 * orders of a mass cancel. {@link Desk} draws the topics.
 */
@NullMarked
package io.countermand.desk;

import org.jspecify.annotations.NullMarked;
