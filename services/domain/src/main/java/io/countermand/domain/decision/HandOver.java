package io.countermand.domain.decision;

/**
 * A venue goes from one group of desks to another. Stands in each partition of cancel-intents, so
 * every intent is before it or behind it, for all who read.
 *
 * @param venue name of the instance
 * @param from group that decides the venue's intents until then: its application id
 * @param to group that decides those behind the record
 */
public record HandOver(String venue, String from, String to) {}
