package io.countermand.oidc;

import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Whose signature counts, and which claims say what its bearer may do.
 *
 * @param issuer URL, character for character as in the claim {@code iss}
 * @param audience one that {@code aud} must name
 * @param verbsClaim a string with spaces or an array of strings; words that are no verbs are
 *     nobody's business here
 * @param accountsClaim the same, each as in the file of tokens
 * @param nameClaim the caller's name in records
 * @param keepKeys the issuer's keys count so long after they were last had
 * @param longestLife tokens that end later than that from now do not hold
 * @param tls own authorities; null: the JDK's
 * @param askAgain at the soonest so long after it was asked an issuer is asked for a key that is
 *     not known
 */
public record OidcSettings(
    String issuer,
    String audience,
    String verbsClaim,
    String accountsClaim,
    String nameClaim,
    Duration keepKeys,
    Duration longestLife,
    @Nullable SSLContext tls,
    Duration askAgain) {

  /** One that is asked again after ten seconds. */
  public OidcSettings(
      String issuer,
      String audience,
      String verbsClaim,
      String accountsClaim,
      String nameClaim,
      Duration keepKeys,
      Duration longestLife,
      @Nullable SSLContext tls) {
    this(
        issuer,
        audience,
        verbsClaim,
        accountsClaim,
        nameClaim,
        keepKeys,
        longestLife,
        tls,
        IssuerKeys.LEAST);
  }
}
