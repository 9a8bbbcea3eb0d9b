package io.countermand.audit.source;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A directory to work in, beside the one that is to be made: what is complete is renamed to its
 * name, so that a half of it is never found there. Removed when closed.
 */
public final class WorkDir implements AutoCloseable {

  private final Path root;

  private WorkDir(Path root) {
    this.root = root;
  }

  /**
   * @param out null: in the system's directory for temporary files
   * @throws IllegalArgumentException if there is something at {@code out} already
   */
  public static WorkDir beside(@Nullable Path out) throws IOException {
    if (out == null) {
      return new WorkDir(Files.createTempDirectory("countermand-audit"));
    }
    Path whole = out.toAbsolutePath().normalize();
    if (Files.exists(whole) && !empty(whole)) {
      throw new IllegalArgumentException(
          out + " is there already: name a new directory, or remove it first");
    }
    Path parent = whole.getParent();
    try {
      Files.createDirectories(parent);
      return new WorkDir(Files.createTempDirectory(parent, "." + whole.getFileName() + "-"));
    } catch (FileSystemException e) {
      throw new IllegalArgumentException(
          parent + " cannot be written: " + e.getMessage() + "; name another directory", e);
    }
  }

  private static boolean empty(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return false;
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.findAny().isEmpty();
    }
  }

  public Path spill() throws IOException {
    return Files.createDirectories(root.resolve("spill"));
  }

  public Path report() throws IOException {
    return Files.createDirectories(root.resolve("whole"));
  }

  /** The report is complete. */
  public void move(Path out) throws IOException {
    Path whole = out.toAbsolutePath().normalize();
    Files.deleteIfExists(whole);
    Files.move(root.resolve("whole"), whole, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void close() {
    try (Stream<Path> files = Files.walk(root)) {
      List<Path> all = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : all) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(root + " cannot be removed", e);
    }
  }
}
