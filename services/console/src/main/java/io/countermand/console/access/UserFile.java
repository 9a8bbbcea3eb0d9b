package io.countermand.console.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who can sign in: a file with a line for each user, a name, roles and the bcrypt hash of the
 * password:
 *
 * <pre>
 * alice  operator,killer  $2a$12$…
 * </pre>
 *
 * <p>All hashes have one cost, so that each name takes the same time. Read again within a second of
 * a change: a line that makes no sense then lets nobody in, nor does a file that is not there, and
 * the log says so. Thread-safe.
 */
public final class UserFile {

  /** Some hundred milliseconds. */
  public static final int COST = 12;

  private static final Logger LOG = LoggerFactory.getLogger(UserFile.class);
  private static final long EVERY = Duration.ofSeconds(1).toNanos();

  /** Coarser than the times of files: one that is younger may change and keep its time. */
  private static final Duration YOUNG = Duration.ofSeconds(2);

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");

  private final Path file;
  private Map<String, ConsoleUser> users;
  private @Nullable FileTime read;
  private long looked;

  private UserFile(Path file) throws IOException {
    this.file = file;
    this.read = settled(Files.getLastModifiedTime(file));
    this.users = users(Files.readAllLines(file));
    this.looked = System.nanoTime();
  }

  /**
   * @throws IllegalStateException that says what is wrong and where
   */
  static UserFile read(Path file) {
    try {
      return new UserFile(file);
    } catch (IOException e) {
      throw new IllegalStateException(
          "the file of users "
              + file
              + " cannot be read ("
              + e
              + "); make a line with `countermand console user-add`",
          e);
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * The line that lets a user in.
   *
   * @param roles as {@code operator,killer}
   * @param cost 10 to 16; the same in the whole file
   * @throws IllegalArgumentException if a part makes no sense; it never has the password
   */
  public static String line(String name, String roles, String password, int cost) {
    String line = String.join(" ", name, roles, Passwords.hash(password, cost));
    users(List.of(line));
    return line;
  }

  synchronized Optional<ConsoleUser> find(String name) {
    if (System.nanoTime() - looked > EVERY) {
      looked = System.nanoTime();
      readAgain();
    }
    return Optional.ofNullable(users.get(name));
  }

  /** A hash that costs as much as any in the file, and fits nothing. */
  synchronized String decoy() {
    return Passwords.decoy(
        users.values().stream().findFirst().map(each -> Passwords.cost(each.hash())).orElse(COST));
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
        List<String> problems = new ArrayList<>();
        users = users(Files.readAllLines(file), problems);
        read = settled(changed);
        LOG.atInfo().addKeyValue("users", users.size()).log("users read again");
        problems.forEach(
            each ->
                LOG.atError()
                    .addKeyValue("file", file)
                    .addKeyValue("error", each)
                    .log("a line lets nobody in"));
      }
    } catch (IOException e) {
      if (!users.isEmpty()) {
        LOG.atError()
            .addKeyValue("file", file)
            .addKeyValue("error", e.toString())
            .log("users cannot be read: nobody is let in");
      }
      users = Map.of();
      read = null;
    }
  }

  /**
   * @throws IllegalArgumentException that says what is wrong and where
   */
  private static Map<String, ConsoleUser> users(List<String> lines) {
    List<String> problems = new ArrayList<>();
    Map<String, ConsoleUser> users = users(lines, problems);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(problems.getFirst());
    }
    if (users.isEmpty()) {
      throw new IllegalArgumentException("no user is in it");
    }
    return users;
  }

  /**
   * Those whose lines make sense.
   *
   * @param problems gets what is wrong with the others, and where
   */
  private static Map<String, ConsoleUser> users(List<String> lines, List<String> problems) {
    Map<String, ConsoleUser> users = new LinkedHashMap<>();
    int cost = 0;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        try {
          ConsoleUser user = user(Arrays.asList(line.split("\\s+", -1)));
          int its = Passwords.cost(user.hash());
          if (cost != 0 && its != cost) {
            throw new IllegalArgumentException(
                "its hash has cost " + its + ", those above " + cost + "; give all the same");
          }
          if (users.putIfAbsent(user.name(), user) != null) {
            throw new IllegalArgumentException(user.name() + " is there already");
          }
          cost = its;
        } catch (IllegalArgumentException e) {
          problems.add("line " + (i + 1) + ": " + e.getMessage());
        }
      }
    }
    return users;
  }

  /** What stands in a line is not shown: it may be a password in the wrong place. */
  private static ConsoleUser user(List<String> parts) {
    if (parts.size() != 3) {
      throw new IllegalArgumentException("a line is: name, roles, hash by bcrypt");
    }
    if (!NAME.matcher(parts.getFirst()).matches()) {
      throw new IllegalArgumentException(
          "a name is 1 to 64 of letters, digits, '.', '_', '@' and '-', and begins with a letter or"
              + " digit");
    }
    Set<UserRole> roles = EnumSet.noneOf(UserRole.class);
    for (String role : parts.get(1).split(",", -1)) {
      roles.add(UserRole.of(role));
    }
    return new ConsoleUser(parts.getFirst(), roles, parts.get(2));
  }
}
