/**
 * The role between the venue's answer and the outcome: reads intents, order events and all that the
 * desk put on {@code cancel-progress}, and owns each cancel until its one outcome is on {@code
 * cancel-outcomes}. Asks the desk for further calls by {@code cancel-retries}; keeps mass cancels
 * and dead-man's switches, too. {@link Ledger} draws the topics.
 */
package io.countermand.ledger;
