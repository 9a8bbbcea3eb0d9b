package io.countermand.client;

/** What is wrong, as far as the caller can do something about it; the names are stable. */
public enum Problem {
  /** No broker answers, or a record was not acknowledged in time. */
  KAFKA_UNREACHABLE,
  /** The schema registry does not answer, or not with an answer that says anything. */
  REGISTRY_UNREACHABLE,
  /** The registry has no schema of ours for the topic, or one that does not fit. */
  SCHEMA_INCOMPATIBLE,
  /** A topic is not there. */
  TOPIC_MISSING,
  /** Kafka or the registry knows these credentials and refuses, or does not know them. */
  NOT_AUTHORISED,
  /** The broker takes no record of this size. */
  TOO_LARGE,
  /** The cancel or heartbeat makes no sense as it stands; nothing was sent. */
  INVALID,
  /** The deadline and the grace after it have passed, and no outcome came. */
  NO_OUTCOME,
  /** The cancelId stood for another request of the same order before. */
  ID_IN_USE,
  /** Records at the stored position are not kept any more. */
  POSITION_LOST,
  /** The client was closed. */
  CLOSED,
  /** Anything else; the cause says it. */
  OTHER
}
