package io.countermand.venues;

import io.countermand.venues.limits.Fingerprinted;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What an instance authenticates with, by name. Equal credentials share one budget; {@code
 * toString} shows names only. Immutable.
 */
public final class Credentials implements Fingerprinted {

  /** Often short, such as a client id of one digit, and no secret. */
  private static final Set<String> IDENTIFYING = Set.of("cid", "name");

  private final SortedMap<String, Secret> secrets;
  private final @Nullable CredentialSource source;

  private Credentials(
      SortedMap<String, Secret> secrets, @Nullable Supplier<CredentialSource.Reading> reader) {
    this.secrets = secrets;
    this.source = reader == null ? null : new CredentialSource(this, reader);
  }

  /** Line breaks and blanks around a value, as files have them, are not part of it. */
  public static Credentials of(Map<String, String> values) {
    SortedMap<String, Secret> secrets = new TreeMap<>();
    values.forEach((name, value) -> secrets.put(name, Secret.of(value.strip())));
    return new Credentials(Collections.unmodifiableSortedMap(secrets), null);
  }

  /**
   * These, which {@link #now} replaces as they change.
   *
   * @param reader reads them again; called by one thread at a time, may block shortly
   */
  public Credentials readBy(Supplier<CredentialSource.Reading> reader) {
    return new Credentials(secrets, reader);
  }

  /** Those in force now: these, until others were read. */
  public Credentials now() {
    return source == null ? this : source.current();
  }

  /** Why they could not be read again at the last look; empty: they could, or never are. */
  public Optional<String> problem() {
    return source == null ? Optional.empty() : Optional.ofNullable(source.problem());
  }

  /** Where they are read again; null: never. */
  public @Nullable CredentialSource source() {
    return source;
  }

  public @Nullable Secret find(String name) {
    return secrets.get(name);
  }

  /**
   * @throws IllegalArgumentException if there is none of that name
   */
  public Secret get(String name) {
    Secret secret = secrets.get(name);
    if (secret == null) {
      throw new IllegalArgumentException("credential '" + name + "' is missing");
    }
    return secret;
  }

  /** The name of the credential that is this secret. */
  public Optional<String> nameOf(Secret secret) {
    return secrets.entrySet().stream()
        .filter(entry -> entry.getValue().equals(secret))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  public Set<String> names() {
    return secrets.keySet();
  }

  /** Those that authenticate: what only identifies may be repeated. */
  public Collection<Secret> secrets() {
    return secrets.entrySet().stream()
        .filter(entry -> !IDENTIFYING.contains(entry.getKey()))
        .map(Map.Entry::getValue)
        .toList();
  }

  /** 16 bits of a digest: tells a change, and is of no help to who guesses passwords. */
  @Override
  public String fingerprint() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      secrets.forEach(
          (name, secret) ->
              digest.update(
                  (name + "=" + secret.reveal() + "\n").getBytes(StandardCharsets.UTF_8)));
      return HexFormat.of().formatHex(digest.digest(), 0, 2);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Credentials that && secrets.equals(that.secrets);
  }

  @Override
  public int hashCode() {
    return secrets.hashCode();
  }

  @Override
  public String toString() {
    return secrets.toString();
  }
}
