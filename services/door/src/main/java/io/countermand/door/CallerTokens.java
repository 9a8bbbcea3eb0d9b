package io.countermand.door;

import io.countermand.oidc.InvalidToken;
import io.countermand.oidc.IssuerException;
import io.countermand.oidc.SignedToken;
import io.countermand.oidc.SignedTokens;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whose a token is: of the file, or of an OIDC issuer, or both. What says that it is of the issuer
 * is never looked for in the file. Thread-safe.
 */
final class CallerTokens implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(CallerTokens.class);

  private final @Nullable TokenFile file;
  private final @Nullable SignedTokens signed;

  private CallerTokens(@Nullable TokenFile file, @Nullable SignedTokens signed) {
    this.file = file;
    this.signed = signed;
  }

  /**
   * @throws IllegalStateException that says what is wrong with the file, or that there is neither
   */
  static CallerTokens of(DoorSettings settings) {
    if (settings.tokens() == null && settings.oidc() == null) {
      throw new IllegalStateException("nobody may call: set door.tokens, door.oidc.issuer or both");
    }
    TokenFile file = settings.tokens() == null ? null : TokenFile.read(settings.tokens());
    return new CallerTokens(
        file, settings.oidc() == null ? null : SignedTokens.open(settings.oidc()));
  }

  /** Null: it can let in who may; or what it lacks. */
  @Nullable String missing() {
    return file == null && signed != null && !signed.ready()
        ? "getting the keys of " + signed.issuer()
        : null;
  }

  /**
   * @throws ProblemResponse 401 if it does not hold; 503 if nobody can know now
   */
  Caller find(String token) {
    if (signed != null && signed.concerns(token)) {
      return signed(signed, token);
    }
    if (file != null) {
      var caller = file.find(token);
      if (caller.isPresent()) {
        return caller.get();
      }
    }
    throw new ProblemResponse(
        401,
        "UNAUTHORIZED",
        "this token is not known here, or not any more"
            + (signed != null && SignedTokens.looksSigned(token)
                ? "; it is no JWT of " + signed.issuer()
                : ""));
  }

  private static Caller signed(SignedTokens signed, String token) {
    try {
      SignedToken says = signed.check(token);
      return new Caller(
          says.name(), "oidc " + says.subject(), verbs(says.verbs()), accounts(says.accounts()));
    } catch (InvalidToken e) {
      LOG.atDebug().addKeyValue("error", e.getMessage()).log("a token of the issuer was refused");
      throw new ProblemResponse(401, "UNAUTHORIZED", "this token does not hold: " + e.getMessage());
    } catch (IssuerException e) {
      throw new ProblemResponse(
          503,
          "ISSUER_UNREACHABLE",
          "this token cannot be checked now: its key is none of those that the door has of "
              + signed.issuer()
              + ", which is away (its log says so) or was asked a moment ago; try again in 10 s");
    }
  }

  /** Other words are for other programs. */
  private static Set<TokenVerb> verbs(List<String> words) {
    Set<TokenVerb> verbs = EnumSet.noneOf(TokenVerb.class);
    Arrays.stream(TokenVerb.values())
        .filter(verb -> words.contains(verb.label()))
        .forEach(verbs::add);
    return verbs;
  }

  private static List<Caller.Account> accounts(List<String> words) throws InvalidToken {
    try {
      return words.stream().map(Caller.Account::parse).toList();
    } catch (IllegalArgumentException e) {
      throw new InvalidToken("one of its accounts is no venue/account, nor *");
    }
  }

  @Override
  public void close() {
    if (signed != null) {
      signed.close();
    }
  }
}
