package io.countermand.desk.pause;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a record of {@code venue-pauses} is about: {@code NAME} an operator's word on a venue,
 * whatever its credential, {@code NAME/CREDENTIAL} what the venue said to a credential. Two keys,
 * so that compaction drops neither for the other.
 *
 * @param credential fingerprint; null: whatever credential
 */
record PauseKey(String venue, @Nullable String credential) {

  static PauseKey read(byte[] key) {
    String text = new String(key, StandardCharsets.UTF_8);
    int slash = text.indexOf('/');
    return slash < 0 || slash == text.length() - 1
        ? new PauseKey(slash < 0 ? text : text.substring(0, slash), null)
        : new PauseKey(text.substring(0, slash), text.substring(slash + 1));
  }

  /** Of an operator's word. */
  static byte[] ofOperator(String venue) {
    return venue.getBytes(StandardCharsets.UTF_8);
  }

  /** Of what a venue said. */
  byte[] bytes() {
    return (venue + "/" + (credential == null ? "" : credential)).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Every venue of the credential, however it is called here; without one the venue of the name.
   */
  boolean concerns(String name, @Nullable String its) {
    return (credential == null || its == null) ? venue.equals(name) : credential.equals(its);
  }
}
