import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The build's formatter: {@code apply} rewrites Java files that changed since the last run, {@code
 * check} changes nothing and fails with the names of the files it would have changed.
 *
 * <p>Run on the toolchain's JDK 25, since google-java-format parses with the compiler of the JVM it
 * runs in and Maven itself may run on 17.
 */
class Format {
  public static void main(String[] args) throws Exception {
    boolean check = args[0].equals("check");
    Path stamp = Path.of("target", "format.stamp");
    long since =
        !check && Files.exists(stamp)
            ? Files.getLastModifiedTime(stamp).toMillis()
            : Long.MIN_VALUE;
    var formatter =
        new Formatter(
            JavaFormatterOptions.builder().style(JavaFormatterOptions.Style.GOOGLE).build());
    List<Path> wrong = new ArrayList<>();
    for (int i = 1; i < args.length; i++) {
      try (var files = Files.walk(Path.of(args[i]))) {
        for (Path file : (Iterable<Path>) files::iterator) {
          String name = file.toString();
          if (!name.endsWith(".java")
              || name.contains("/target/")
              || Files.getLastModifiedTime(file).toMillis() < since) {
            continue;
          }
          String before = Files.readString(file);
          String after =
              formatter.formatSource(
                  ImportOrderer.reorderImports(
                      RemoveUnusedImports.removeUnusedImports(before),
                      JavaFormatterOptions.Style.GOOGLE));
          if (!after.equals(before)) {
            wrong.add(file);
            if (!check) {
              Files.writeString(file, after);
            }
          }
        }
      }
    }
    if (check && !wrong.isEmpty()) {
      System.err.println("Not formatted (run `mvn validate` locally and commit the result):");
      wrong.forEach(file -> System.err.println("  " + file));
      System.exit(1);
    }
    Files.createDirectories(stamp.getParent());
    Files.writeString(stamp, "");
  }
}
