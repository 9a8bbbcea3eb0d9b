package io.countermand.platform;

import org.jspecify.annotations.Nullable;

/** The platform cannot do what was asked; the message says what to do about it. */
public final class PlatformException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public PlatformException(String message) {
    this(message, null);
  }

  public PlatformException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
