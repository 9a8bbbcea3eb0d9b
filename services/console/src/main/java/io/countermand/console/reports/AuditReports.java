package io.countermand.console.reports;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What {@code countermand audit --out} wrote below one directory: each report is a directory there,
 * with files of known names. No name leads elsewhere, and no symbolic link is followed.
 * Thread-safe.
 */
public final class AuditReports {

  /** Larger files are not handed out. */
  public static final long LARGEST = 1L << 30;

  private static final String PAGE = "audit.html";
  private static final List<String> FILES = List.of(PAGE, "differences.jsonl", "cancels.parquet");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
  private static final int MOST = 100;
  private static final int MOST_LOOKED_AT = 10_000;
  private static final int MOST_READ = 256 * 1024;
  private static final int LONGEST_SUMMARY = 20_000;

  /** Elements of a report that are no words. */
  private static final Set<String> LEFT_OUT = Set.of("script", "style", "svg", "title");

  private static final Set<String> LINES =
      Set.of("br", "/p", "/div", "/tr", "/li", "/h1", "/h2", "/h3", "/table");

  private static final Set<String> CELLS = Set.of("/td", "/th");

  private final Path directory;

  public AuditReports(Path directory) {
    this.directory = directory;
  }

  /**
   * One of them.
   *
   * @param name of its directory
   * @param at when it was written
   * @param parts that are there
   */
  public record Report(String name, Instant at, List<Part> parts) {}

  /** A file of a report. */
  public record Part(String name, long bytes) {}

  /**
   * The newest first.
   *
   * @throws IOException if the directory cannot be read
   */
  public List<Report> all() throws IOException {
    List<Report> found = new ArrayList<>();
    int looked = 0;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path each : entries) {
        if (++looked > MOST_LOOKED_AT) {
          break;
        }
        find(String.valueOf(each.getFileName())).ifPresent(found::add);
      }
    } catch (DirectoryIteratorException e) {
      throw new IOException("the directory cannot be read to its end", e);
    }
    found.sort(Comparator.comparing(Report::at).reversed());
    return List.copyOf(found.subList(0, Math.min(MOST, found.size())));
  }

  /** Empty: no report has that name. */
  public Optional<Report> find(String name) {
    if (!NAME.matcher(name).matches()) {
      return Optional.empty();
    }
    Path report = directory.resolve(name);
    if (!Files.isDirectory(report, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    List<Part> parts = new ArrayList<>();
    Instant at = Instant.EPOCH;
    for (String file : FILES) {
      BasicFileAttributes told = told(report.resolve(file));
      if (told != null) {
        parts.add(new Part(file, told.size()));
        Instant written = told.lastModifiedTime().toInstant();
        at = written.isAfter(at) ? written : at;
      }
    }
    return parts.isEmpty()
        ? Optional.empty()
        : Optional.of(new Report(name, at, List.copyOf(parts)));
  }

  /** Null: it is not there, or is no plain file. */
  private static @Nullable BasicFileAttributes told(Path file) {
    try {
      BasicFileAttributes told =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return told.isRegularFile() ? told : null;
    } catch (IOException e) {
      return null;
    }
  }

  /**
   * A file of a report, the caller's to close; empty: there is none of that name.
   *
   * @throws IOException if it cannot be read
   */
  public Optional<InputStream> open(String name, String file) throws IOException {
    boolean known =
        find(name).stream()
            .flatMap(report -> report.parts().stream())
            .anyMatch(part -> part.name().equals(file));
    return known
        ? Optional.of(
            Files.newInputStream(directory.resolve(name).resolve(file), LinkOption.NOFOLLOW_LINKS))
        : Optional.empty();
  }

  /**
   * The words of its page; empty: it has none.
   *
   * @throws IOException if it cannot be read
   */
  public String summary(String name) throws IOException {
    Optional<InputStream> page = open(name, PAGE);
    if (page.isEmpty()) {
      return "";
    }
    try (InputStream in = page.get()) {
      return words(new String(in.readNBytes(MOST_READ), StandardCharsets.UTF_8));
    }
  }

  /** Text is all that it gives, whatever the page holds. */
  static String words(String page) {
    var out = new StringBuilder();
    int at = 0;
    while (at < page.length() && out.length() < LONGEST_SUMMARY) {
      int open = page.indexOf('<', at);
      int end = open < 0 ? -1 : page.indexOf('>', open);
      out.append(page, at, open < 0 ? page.length() : open);
      if (end < 0) {
        break;
      }
      String tag = page.substring(open + 1, end).split("\\s", 2)[0].toLowerCase(Locale.ROOT);
      at = end + 1;
      if (LEFT_OUT.contains(tag)) {
        int close = page.indexOf("</" + tag, at);
        at = close < 0 ? page.length() : close;
      } else if (LINES.contains(tag)) {
        out.append('\n');
      } else if (CELLS.contains(tag)) {
        out.append("  ");
      }
    }
    String words = out.substring(0, Math.min(out.length(), LONGEST_SUMMARY));
    return words
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
        .lines()
        .map(String::strip)
        .filter(each -> !each.isEmpty())
        .collect(Collectors.joining("\n"));
  }
}
