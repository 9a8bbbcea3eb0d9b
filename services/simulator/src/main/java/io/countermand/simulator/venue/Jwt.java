package io.countermand.simulator.venue;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.countermand.simulator.request.SimulatorJson;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;

/** A token that looks like a JWT; its signature is none. */
final class Jwt {

  private Jwt() {}

  static String make(String email, Instant now, Duration life) {
    var claims =
        SimulatorJson.object()
            .put("user_id", "user-1")
            .put("email", email)
            .put("iat", now.getEpochSecond())
            .put("exp", now.plus(life).getEpochSecond());
    return part("{\"alg\":\"HS256\",\"typ\":\"JWT\"}")
        + "."
        + part(claims.toString())
        + "."
        + part(UUID.randomUUID().toString());
  }

  private static String part(String text) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
  }
}
