package io.countermand.door;

/** What a token allows; the names stand in the token file. */
enum Verb {
  /** To publish cancels. */
  CANCEL,
  /** To see outcomes and orders. */
  READ
}
