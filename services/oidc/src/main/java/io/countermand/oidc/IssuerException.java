package io.countermand.oidc;

import org.jspecify.annotations.Nullable;

/** The issuer's keys cannot be had; the message says where, why, and what to do. */
public final class IssuerException extends Exception {

  private static final long serialVersionUID = 1L;

  IssuerException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
