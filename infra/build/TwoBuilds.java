import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Compares what two builds ship, file by file: {@code TwoBuilds FIRST SECOND}, two checkouts that
 * were built. Prints our jars with their SHA-256 and one hash of the whole. Exit code 1: they
 * differ, and each file is named, of a jar each entry.
 *
 * <p>First it changes one byte in a copy of each kind of file and must find that: a comparison that
 * sees nothing would always be content.
 */
class TwoBuilds {
  private static final String DISTRIBUTION = "services/app/target/countermand";
  private static final List<String> BESIDE =
      List.of("target/bom.json", "target/bom.xml", "THIRD-PARTY.md");

  public static void main(String[] args) throws Exception {
    var first = shipped(Path.of(args[0]));
    var second = shipped(Path.of(args[1]));
    findsPlanted(first);
    var differences = differences(first, second);
    if (!differences.isEmpty()) {
      System.out.println("two builds, and they differ:");
      differences.forEach(each -> System.out.println("  " + each));
      System.exit(1);
    }
    var all = new StringBuilder();
    for (var each : first.entrySet()) {
      String line = sha256(each.getValue()) + "  " + each.getKey();
      all.append(line).append('\n');
      String name = each.getValue().getFileName().toString();
      if (name.startsWith("countermand-") || name.startsWith("bom.")) {
        System.out.println(line);
      }
    }
    byte[] whole =
        MessageDigest.getInstance("SHA-256")
            .digest(all.toString().getBytes(StandardCharsets.UTF_8));
    System.out.printf(
        "two builds, one hash: %s, of %d files%n", HexFormat.of().formatHex(whole), first.size());
  }

  /**
   * What is given on, by its name below the checkout; links are followed. AOT caches are of a
   * machine, not of a build.
   */
  private static Map<String, Path> shipped(Path checkout) throws IOException {
    Map<String, Path> found = new TreeMap<>();
    Path distribution = checkout.resolve(DISTRIBUTION);
    try (var files = Files.walk(distribution, FileVisitOption.FOLLOW_LINKS)) {
      files
          .filter(Files::isRegularFile)
          .filter(file -> !distribution.relativize(file).startsWith("aot"))
          .forEach(file -> found.put(checkout.relativize(file).toString(), file));
    }
    for (String each : BESIDE) {
      found.put(each, checkout.resolve(each));
    }
    return found;
  }

  private static List<String> differences(Map<String, Path> first, Map<String, Path> second)
      throws Exception {
    List<String> found = new ArrayList<>();
    var names = new TreeSet<>(first.keySet());
    names.addAll(second.keySet());
    for (String name : names) {
      Path one = first.get(name);
      Path other = second.get(name);
      if (one == null || !Files.exists(one)) {
        found.add(name + ": only in the second");
      } else if (other == null || !Files.exists(other)) {
        found.add(name + ": only in the first");
      } else if (Files.mismatch(one, other) >= 0) {
        found.add("%s: %s and %s".formatted(name, sha256(one), sha256(other)));
        if (name.endsWith(".jar")) {
          entries(one, other).forEach(entry -> found.add("    " + entry));
        }
      }
    }
    return found;
  }

  private static List<String> entries(Path one, Path other) throws IOException {
    var first = entries(one);
    var second = entries(other);
    List<String> found = new ArrayList<>();
    var names = new TreeSet<>(first.keySet());
    names.addAll(second.keySet());
    for (String name : names) {
      if (!first.getOrDefault(name, "none").equals(second.getOrDefault(name, "none"))) {
        found.add(
            "%s: %s; %s"
                .formatted(
                    name, first.getOrDefault(name, "none"), second.getOrDefault(name, "none")));
      }
    }
    if (found.isEmpty()) {
      found.add(
          List.copyOf(first.keySet()).equals(List.copyOf(second.keySet()))
              ? "the same entries, packed differently"
              : "the same entries in another order");
    }
    return found;
  }

  private static Map<String, String> entries(Path jar) throws IOException {
    Map<String, String> found = new LinkedHashMap<>();
    try (var zip = new ZipFile(jar.toFile())) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        found.put(
            entry.getName(),
            "%d bytes, CRC %08x, of %s"
                .formatted(entry.getSize(), entry.getCrc(), entry.getTimeLocal()));
      }
    } catch (IOException e) {
      found.put("the whole", "no jar: " + e.getMessage());
    }
    return found;
  }

  private static void findsPlanted(Map<String, Path> shipped) throws Exception {
    Path copy = Files.createTempFile("planted", ".jar");
    try {
      for (String end : List.of(".jar", ".json", ".xml", ".md", "/countermand")) {
        var victim =
            shipped.entrySet().stream()
                .filter(each -> each.getKey().endsWith(end))
                .findFirst()
                .orElseThrow();
        byte[] bytes = Files.readAllBytes(victim.getValue());
        bytes[bytes.length / 2] ^= 1;
        Files.write(copy, bytes);
        Map<String, Path> changed = new TreeMap<>(shipped);
        changed.put(victim.getKey(), copy);
        if (differences(shipped, changed).stream()
            .noneMatch(each -> each.startsWith(victim.getKey()))) {
          throw new IllegalStateException(
              "did not find the byte that was changed in " + victim.getKey());
        }
        Map<String, Path> less = new TreeMap<>(shipped);
        less.remove(victim.getKey());
        if (differences(shipped, less).size() != 1 || differences(less, shipped).size() != 1) {
          throw new IllegalStateException("did not miss " + victim.getKey());
        }
      }
    } finally {
      Files.delete(copy);
    }
  }

  private static String sha256(Path file) throws Exception {
    var digest = MessageDigest.getInstance("SHA-256");
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
