package io.countermand.oidc;

/** A token that does not hold; the message says why, and repeats nothing of it. */
public final class InvalidToken extends Exception {

  private static final long serialVersionUID = 1L;

  public InvalidToken(String why) {
    super(why, null, false, false);
  }
}
