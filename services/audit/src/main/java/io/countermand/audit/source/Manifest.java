package io.countermand.audit.source;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.countermand.domain.IntentCheck;
import io.countermand.domain.decision.DeskRules;
import io.countermand.domain.decision.VenueRules;
import io.countermand.domain.lifecycle.LedgerRules;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an archive holds: {@code manifest.json}, with its own SHA-256 in {@code manifest.sha256}.
 *
 * @param from null: from the first record
 * @param asOf when the topics were as they are here
 * @param schemas by id, as the registry had them
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Manifest(
    int version,
    String source,
    @Nullable String from,
    String to,
    String margin,
    String asOf,
    Map<String, List<Part>> topics,
    List<File> files,
    Map<Integer, String> schemas,
    KeptRules rules) {

  public static final String NAME = "manifest.json";
  public static final String HASH = "manifest.sha256";
  public static final int VERSION = 1;

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /**
   * A partition.
   *
   * @param kept first offset that retention had left
   * @param from first offset archived
   * @param to behind the last
   */
  public record Part(int partition, long kept, long from, long to) {}

  /**
   * @param path below the archive's directory
   * @param day UTC day of the records' timestamps
   */
  public record File(
      String path, String topic, String day, long records, long bytes, String sha256) {}

  /**
   * The rules in force, with durations as ISO 8601.
   *
   * @param adapters null: an archive of before they were kept
   * @param closing likewise
   */
  public record KeptRules(
      String defaultDeadline,
      String longestDeadline,
      List<String> venues,
      String slack,
      String answerGrace,
      String rememberOrder,
      Map<String, KeptVenue> venueRules,
      String forgetTerminal,
      String forgetIdle,
      String rememberSettled,
      @Nullable Map<String, String> adapters,
      @Nullable List<String> closing) {

    public static KeptRules of(AuditRules rules) {
      Map<String, KeptVenue> venues = new TreeMap<>();
      rules.ledger().venues().forEach((name, venue) -> venues.put(name, KeptVenue.of(venue)));
      return new KeptRules(
          rules.check().defaultDeadline().toString(),
          rules.check().longestDeadline().toString(),
          rules.desk().venues().stream().sorted().toList(),
          rules.desk().slack().toString(),
          rules.ledger().answerGrace().toString(),
          rules.ledger().rememberOrder().toString(),
          venues,
          rules.forgetTerminal().toString(),
          rules.forgetIdle().toString(),
          rules.rememberSettled().toString(),
          new TreeMap<>(rules.adapters()),
          rules.closing().stream().sorted().toList());
    }

    public AuditRules rules() {
      Map<String, VenueRules> by = new TreeMap<>();
      venueRules.forEach((name, venue) -> by.put(name, venue.rules()));
      return new AuditRules(
          new IntentCheck(Duration.parse(defaultDeadline), Duration.parse(longestDeadline)),
          new DeskRules(Set.copyOf(venues), Duration.parse(slack)),
          new LedgerRules(Duration.parse(answerGrace), Duration.parse(rememberOrder), by),
          Duration.parse(forgetTerminal),
          Duration.parse(forgetIdle),
          Duration.parse(rememberSettled),
          adapters == null ? Map.of() : adapters,
          closing == null ? Set.of() : Set.copyOf(closing));
    }
  }

  /** How patient the ledger was with a venue. */
  record KeptVenue(
      boolean canQuery,
      String answerTimeout,
      String confirmWithin,
      String queryEvery,
      int cancelTries,
      int statusTries,
      int mostAsks,
      String firstBackoff,
      String longestBackoff) {

    static KeptVenue of(VenueRules rules) {
      return new KeptVenue(
          rules.canQuery(),
          rules.answerTimeout().toString(),
          rules.confirmWithin().toString(),
          rules.queryEvery().toString(),
          rules.cancelTries(),
          rules.statusTries(),
          rules.mostAsks(),
          rules.firstBackoff().toString(),
          rules.longestBackoff().toString());
    }

    VenueRules rules() {
      return new VenueRules(
          canQuery,
          Duration.parse(answerTimeout),
          Duration.parse(confirmWithin),
          Duration.parse(queryEvery),
          cancelTries,
          statusTries,
          mostAsks,
          Duration.parse(firstBackoff),
          Duration.parse(longestBackoff));
    }
  }

  @Nullable
  public Instant start() {
    return from == null ? null : Instant.parse(from);
  }

  /**
   * Writes both files.
   *
   * @return the manifest's SHA-256, which proves the whole archive
   */
  public String write(Path directory) throws IOException {
    byte[] bytes = JSON.writeValueAsBytes(this);
    Files.write(directory.resolve(NAME), bytes);
    String hash = HexFormat.of().formatHex(sha256().digest(bytes));
    Files.writeString(directory.resolve(HASH), hash + "  " + NAME + "\n");
    return hash;
  }

  /**
   * Reads the manifest and compares every file with it.
   *
   * @param kept its SHA-256 in hex, as somebody kept it elsewhere; null: nobody did
   * @throws AuditException if a file is missing or a byte is changed, or if it has another hash
   */
  public static Manifest read(Path directory, @Nullable String kept) {
    try {
      Path file = directory.resolve(NAME);
      if (!Files.isRegularFile(file) || !Files.isRegularFile(directory.resolve(HASH))) {
        throw new AuditException(
            directory + " is no archive: it has no " + NAME + " or no " + HASH);
      }
      byte[] bytes = Files.readAllBytes(file);
      String told = Files.readString(directory.resolve(HASH)).strip().split(" ", 2)[0];
      if (!told.equals(HexFormat.of().formatHex(sha256().digest(bytes)))) {
        throw new AuditException(file + " was changed: its SHA-256 is not " + told);
      }
      if (kept != null && !told.equalsIgnoreCase(kept.strip())) {
        throw new AuditException(
            file + " is not the one that was kept: its SHA-256 is " + told + ", not " + kept);
      }
      Manifest manifest = JSON.readValue(bytes, Manifest.class);
      if (manifest.version() != VERSION) {
        throw new AuditException(file + " has version " + manifest.version() + ", not " + VERSION);
      }
      for (File one : manifest.files()) {
        compare(directory.resolve(one.path()), one);
      }
      return manifest;
    } catch (JsonProcessingException e) {
      throw new AuditException(directory.resolve(NAME) + " cannot be read: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new AuditException("archive " + directory + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static void compare(Path file, File is) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new AuditException("archive file " + file + " is missing");
    }
    String hash = hash(file);
    if (!hash.equals(is.sha256())) {
      throw new AuditException(
          "archive file "
              + file
              + " was changed: its SHA-256 is "
              + hash
              + ", the manifest says "
              + is.sha256());
    }
  }

  public static String hash(Path file) throws IOException {
    MessageDigest sha = sha256();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), sha)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(sha.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
