package io.countermand.door;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may call: a file with a line for each token, its SHA-256 in hex, a name, verbs, accounts, and
 * where it ends by itself, when:
 *
 * <pre>
 * 9f86d0…0f00a08  risk-desk  cancel,read  crosstrade/Sim101,cadenza/*  until=2027-06-30T18:00:00Z
 * </pre>
 *
 * <p>The tokens themselves stand nowhere. They are random and long, so a plain hash is enough. Read
 * again within a second of a change; a file that is wrong then changes nothing, and is told in the
 * log. Thread-safe.
 */
public final class TokenFile {

  private static final Logger LOG = LoggerFactory.getLogger(TokenFile.class);
  private static final long EVERY = Duration.ofSeconds(1).toNanos();

  /** Coarser than the times of files: one that is younger may change and keep its time. */
  private static final Duration YOUNG = Duration.ofSeconds(2);

  private static final int TOKEN_BYTES = 32;
  private static final int LONGEST_TOKEN = 256;
  private static final String UNTIL = "until=";

  /** What a line says. */
  private record Line(Caller caller, Instant until) {}

  private final Path file;
  private Map<String, Line> callers;
  private @Nullable FileTime read;
  private long looked;

  private TokenFile(Path file) throws IOException {
    this.file = file;
    this.read = settled(Files.getLastModifiedTime(file));
    this.callers = callers(Files.readAllLines(file));
    this.looked = System.nanoTime();
  }

  /**
   * @throws IllegalStateException that says what is wrong and where
   */
  static TokenFile read(Path file) {
    try {
      return new TokenFile(file);
    } catch (IOException e) {
      throw new IllegalStateException(
          "the file of tokens "
              + file
              + " cannot be read ("
              + e
              + "); make a token with `countermand door token`",
          e);
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(file + ": " + e.getMessage(), e);
    }
  }

  /** A new token, which is to be shown once, and never kept. */
  public static String newToken() {
    byte[] random = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(random);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }

  /**
   * The line that lets its bearer in.
   *
   * @param verbs of {@code cancel}, {@code read}, {@code mass-cancel}, {@code release}, by comma
   * @param accounts {@code venue/account,…}
   * @throws IllegalArgumentException if a part makes no sense
   */
  public static String line(String token, String name, String verbs, String accounts) {
    String line = String.join(" ", hash(token), name, verbs, accounts);
    callers(List.of(line));
    return line;
  }

  /**
   * The same, of a token that ends by itself.
   *
   * @param until from then on it is known no more
   */
  public static String line(
      String token, String name, String verbs, String accounts, Instant until) {
    return line(token, name, verbs, accounts) + " " + UNTIL + until;
  }

  /** Empty: there is no such token, or it has ended. */
  synchronized Optional<Caller> find(String token) {
    if (System.nanoTime() - looked > EVERY) {
      looked = System.nanoTime();
      readAgain();
    }
    return token.length() > LONGEST_TOKEN
        ? Optional.empty()
        : Optional.ofNullable(callers.get(hash(token)))
            .filter(line -> Instant.now().isBefore(line.until()))
            .map(Line::caller);
  }

  /** The time, unless the file may change and keep it. */
  private static @Nullable FileTime settled(FileTime changed) {
    Duration age = Duration.between(changed.toInstant(), Instant.now()).abs();
    return age.compareTo(YOUNG) < 0 ? null : changed;
  }

  private void readAgain() {
    try {
      FileTime changed = Files.getLastModifiedTime(file);
      if (!changed.equals(read)) {
        read = settled(changed);
        callers = callers(Files.readAllLines(file));
        LOG.atInfo().addKeyValue("tokens", callers.size()).log("tokens read again");
      }
    } catch (IOException | IllegalArgumentException e) {
      LOG.atError()
          .addKeyValue("file", file)
          .addKeyValue("error", e.getMessage())
          .log("tokens cannot be read, those before hold");
    }
  }

  private static Map<String, Line> callers(List<String> lines) {
    Map<String, Line> callers = new HashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        try {
          List<String> parts = Arrays.asList(line.split("\\s+", -1));
          if (parts.size() < 4 || parts.size() > 5 || !parts.getFirst().matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException(
                "a line is: SHA-256 in hex, name, verbs, accounts, and if it ends until=TIME");
          }
          Instant until = parts.size() == 4 ? Instant.MAX : until(parts.getLast());
          callers.put(parts.getFirst(), new Line(caller(parts), until));
        } catch (IllegalArgumentException e) {
          throw new IllegalArgumentException("line " + (i + 1) + ": " + e.getMessage(), e);
        }
      }
    }
    return callers;
  }

  private static Instant until(String part) {
    try {
      if (part.startsWith(UNTIL)) {
        return Instant.parse(part.substring(UNTIL.length()));
      }
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "'" + part + "' is no until=TIME, as until=2027-06-30T18:00:00Z", e);
    }
    throw new IllegalArgumentException(
        "'" + part + "' is no until=TIME, as until=2027-06-30T18:00:00Z");
  }

  private static Caller caller(List<String> parts) {
    Set<TokenVerb> verbs = EnumSet.noneOf(TokenVerb.class);
    for (String verb : parts.get(2).split(",", -1)) {
      verbs.add(TokenVerb.of(verb));
    }
    List<Caller.Account> accounts =
        Arrays.stream(parts.get(3).split(",", -1)).map(Caller.Account::parse).toList();
    return new Caller(parts.get(1), verbs, accounts);
  }

  private static String hash(String token) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
