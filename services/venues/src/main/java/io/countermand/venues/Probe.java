package io.countermand.venues;

/**
 * What {@link VenueAdapter#probe} found.
 *
 * @param reachable whether anything answered
 * @param serves whether what answered is the venue at work, not a gateway's error page
 * @param connected whether the next call finds a connection; a handshake that was refused leaves
 *     none
 * @param detail one line without secrets: what answered, or what to mend
 * @param todo what to do, for people; empty: nothing, or the detail says it
 */
public record Probe(
    boolean reachable,
    boolean serves,
    boolean connected,
    Credential credential,
    String detail,
    String todo) {

  /** What became of the credential. */
  public enum Credential {
    GOOD,
    REFUSED,
    /** None was sent: only a login, or a call that touches an order, would show it. */
    NOT_TRIED,
    /** The answer tells nothing of it. */
    UNKNOWN;

    /** As programs read it; these words stay. */
    public String word() {
      return switch (this) {
        case GOOD -> "good";
        case REFUSED -> "refused";
        case NOT_TRIED -> "not tried";
        case UNKNOWN -> "unknown";
      };
    }
  }

  /** What answers, is connected. */
  public Probe(
      boolean reachable, boolean serves, Credential credential, String detail, String todo) {
    this(reachable, serves, reachable, credential, detail, todo);
  }

  /** What answers, serves. */
  public Probe(boolean reachable, Credential credential, String detail) {
    this(reachable, reachable, credential, detail, "");
  }

  /** Nothing answers. */
  public static Probe silent(String detail) {
    return new Probe(
        false,
        false,
        Credential.UNKNOWN,
        detail,
        "check base-url, network and proxy, or ask the venue");
  }

  /**
   * Nothing speaks against calling this venue: it is at work, and has taken the credential if it
   * was sent one. A venue that asks to wait is not.
   */
  public boolean ok() {
    return reachable
        && serves
        && (credential == Credential.GOOD || credential == Credential.NOT_TRIED);
  }
}
