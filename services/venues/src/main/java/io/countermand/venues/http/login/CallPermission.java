package io.countermand.venues.http.login;

import io.countermand.domain.Reply;
import io.countermand.venues.Secret;
import org.jspecify.annotations.Nullable;

/** Leave to make a call, or the reply that the call gets instead. */
public sealed interface CallPermission {

  /**
   * @param token null: the venue wants none in the header
   */
  record Granted(@Nullable Secret token) implements CallPermission {}

  /** The call was not sent; the reply says why. */
  record Denied(Reply reply) implements CallPermission {}
}
