package io.countermand.domain;

/** What a worker is asked to do at the venue. */
public enum RequestKind {
  CANCEL,
  STATUS
}
