/**
 * Kills and pauses the pipeline's processes while cancels flow, then compares three books: the
 * intents that Kafka acknowledged, the outcomes, and the simulated venues' own journal. {@code
 * flow} compares the same books and kills nothing.
 */
package io.countermand.app.chaos;
