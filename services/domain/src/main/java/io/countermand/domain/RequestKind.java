package io.countermand.domain;

/** What a desk is asked to do at the venue. */
public enum RequestKind {
  CANCEL,
  STATUS
}
