import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import javax.inject.Named;
import javax.inject.Singleton;
import org.apache.maven.eventspy.AbstractEventSpy;
import org.eclipse.aether.RepositoryEvent;

/**
 * Sees each artifact that Maven takes out of its local repository, before anything uses it: jars
 * and POMs of class paths, plugins and annotation processors. One whose SHA-256 is not that of
 * {@code .mvn/artifacts.sha256}, or that is not named there, ends the build. {@code
 * infra/build/artifacts} compiles it and hands it to Maven.
 *
 * <p>Maven 3.9 has such checks of its own; 3.8, which Debian has, knows none. Maven calls it from
 * several threads.
 */
@Named
@Singleton
public final class LockedArtifacts extends AbstractEventSpy {
  private final Path list = Paths.get(System.getProperty("countermand.artifacts"));
  private final Path report = Paths.get(System.getProperty("countermand.artifacts.report"));
  private final boolean record = Boolean.getBoolean("countermand.artifacts.record");
  private final Map<String, String> locked = new ConcurrentHashMap<>();
  private final Map<String, String> seen = new ConcurrentSkipListMap<>();
  private final Map<String, String> wrong = new ConcurrentSkipListMap<>();

  /** Not an Exception: Maven logs those of its listeners, and goes on. */
  private static final class NotLocked extends Error {
    private static final long serialVersionUID = 1;

    NotLocked(String message) {
      super(message, null, false, false);
    }
  }

  @Override
  public void init(Context context) throws IOException {
    if (Files.exists(list)) {
      for (String line : Files.readAllLines(list)) {
        if (!line.startsWith("#")) {
          locked.put(line.substring(66), line.substring(0, 64));
        }
      }
    }
  }

  @Override
  public void onEvent(Object event) throws Exception {
    RepositoryEvent resolved = event instanceof RepositoryEvent ? (RepositoryEvent) event : null;
    if (resolved != null
        && resolved.getType() == RepositoryEvent.EventType.ARTIFACT_RESOLVED
        && resolved.getArtifact().getFile() != null
        && !resolved.getArtifact().getGroupId().equals("io.countermand")) {
      Path file = resolved.getArtifact().getFile().toPath().toAbsolutePath().normalize();
      Path local =
          resolved
              .getSession()
              .getLocalRepository()
              .getBasedir()
              .toPath()
              .toAbsolutePath()
              .normalize();
      String name =
          file.startsWith(local)
              ? local.relativize(file).toString().replace('\\', '/')
              : file.toString();
      if (!known(name)) {
        judge(name, sha256(file));
      }
    }
  }

  /** Whether it was looked at, and is right; who asks for a wrong one, and be it again, ends. */
  private synchronized boolean known(String name) {
    if (wrong.containsKey(name)) {
      throw new NotLocked(wrong.get(name));
    }
    return seen.containsKey(name);
  }

  /** Nobody takes it for seen before the verdict: another thread would go on with it. */
  private synchronized void judge(String name, String is) throws IOException {
    String problem = record ? null : problem(name, is);
    if (problem != null) {
      wrong.put(name, problem);
      close(); // Maven may end without it
      throw new NotLocked(problem);
    }
    seen.put(name, is);
  }

  private String problem(String name, String is) {
    String expected = locked.get(name);
    if (expected == null) {
      return "not in .mvn/artifacts.sha256: "
          + name
          + "; if it is wanted: infra/build/artifacts renew";
    }
    return expected.equals(is)
        ? null
        : "not what .mvn/artifacts.sha256 says: "
            + name
            + " has SHA-256 "
            + is
            + " and not "
            + expected;
  }

  @Override
  public synchronized void close() throws IOException {
    if (record) {
      Map<String, String> all = new TreeMap<>(seen);
      if (Files.exists(report)) {
        for (String line : Files.readAllLines(report)) {
          all.putIfAbsent(line.substring(66), line.substring(0, 64));
        }
      }
      Files.write(
          report,
          all.entrySet().stream()
              .map(each -> each.getValue() + "  " + each.getKey())
              .collect(Collectors.toList()));
    } else {
      // Whatever Maven made of the error: the script reads this.
      Files.write(
          report,
          wrong.isEmpty() ? Collections.singleton("checked " + seen.size()) : wrong.values());
    }
  }

  private static String sha256(Path file) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    try (InputStream in = Files.newInputStream(file)) {
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    }
    return String.format("%064x", new BigInteger(1, digest.digest()));
  }
}
