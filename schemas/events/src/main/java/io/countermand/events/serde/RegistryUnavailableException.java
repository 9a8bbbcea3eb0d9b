package io.countermand.events.serde;

import org.jspecify.annotations.Nullable;

/**
 * The schema registry cannot be asked now: no connection, no answer in time, or an answer that says
 * nothing of the schema (5xx, 401, 403, 429). The record at hand may be perfectly good: try again
 * later, do not dead-letter it.
 */
public final class RegistryUnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  RegistryUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
