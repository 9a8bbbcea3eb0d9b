package io.countermand.app.rights;

import java.time.Duration;
import java.util.Set;
import org.apache.kafka.common.security.oauthbearer.JwtValidator;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerToken;

/**
 * A client that sends whatever it has for a token: Kafka's own looks at it first, and an attacker
 * would not. Made by Kafka's clients by its name.
 */
public final class UncheckedToken implements JwtValidator {

  private record Any(String value) implements OAuthBearerToken {

    @Override
    public Set<String> scope() {
      return Set.of();
    }

    @Override
    public long lifetimeMs() {
      return System.currentTimeMillis() + Duration.ofHours(1).toMillis();
    }

    @Override
    public String principalName() {
      return "whoever";
    }

    @Override
    public Long startTimeMs() {
      return System.currentTimeMillis();
    }
  }

  @Override
  public OAuthBearerToken validate(String token) {
    return new Any(token);
  }
}
