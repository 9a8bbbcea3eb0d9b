package io.countermand.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;

/** Files that nobody but their owner reads, where the file system knows of owners. */
public final class OwnFile {

  private OwnFile() {}

  /** Empty, or as it was. Nothing secret stands in it before it is closed to others. */
  public static void make(Path file) throws IOException {
    if (!Files.exists(file)) {
      Files.createFile(file);
    }
    close(file, "rw-------");
  }

  /** Written whole: whoever reads meanwhile sees the old content or the new. */
  public static void write(Path file, byte[] content) throws IOException {
    Path next = next(file);
    Files.deleteIfExists(next);
    make(next);
    Files.write(next, content);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Where it is written; whoever is killed while he writes leaves it. */
  public static Path next(Path file) {
    return file.resolveSibling(file.getFileName() + ".new");
  }

  /** A directory into which nobody else looks, with what it held. */
  public static Path directory(Path directory) throws IOException {
    Files.createDirectories(directory);
    close(directory, "rwx------");
    return directory;
  }

  private static void close(Path path, String permissions) throws IOException {
    var view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
    if (view != null) {
      view.setPermissions(PosixFilePermissions.fromString(permissions));
    }
  }
}
