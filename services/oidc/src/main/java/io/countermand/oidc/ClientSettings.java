package io.countermand.oidc;

import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * What a program is at an issuer where people sign in.
 *
 * @param issuer URL, character for character as in the claim {@code iss}
 * @param clientId what the issuer calls it; the only audience of its ID tokens
 * @param clientSecret empty: it has none, and PKCE alone says that it is who asked
 * @param scopes what is asked for, with {@code openid} among them
 * @param rolesClaim a string with spaces or an array of strings
 * @param nameClaim a person's name in records
 * @param keepKeys the issuer's keys count so long after they were last had
 * @param tls own authorities; null: the JDK's
 */
public record ClientSettings(
    String issuer,
    String clientId,
    String clientSecret,
    String scopes,
    String rolesClaim,
    String nameClaim,
    Duration keepKeys,
    @Nullable SSLContext tls) {

  /** Without the secret. */
  @Override
  public String toString() {
    return "ClientSettings[" + issuer + ", " + clientId + "]";
  }
}
