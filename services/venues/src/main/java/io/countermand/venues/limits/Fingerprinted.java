package io.countermand.venues.limits;

/** What can be told apart without being shown. */
public interface Fingerprinted {

  /** The same for equal ones, most likely another for others; says nothing of use beyond that. */
  String fingerprint();
}
