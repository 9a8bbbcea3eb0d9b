package io.countermand.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;

/** A file that nobody but its owner reads, where the file system knows of owners. */
final class OwnFile {

  private OwnFile() {}

  /** Empty, or as it was. Nothing secret stands in it before it is closed to others. */
  static void make(Path file) throws IOException {
    if (!Files.exists(file)) {
      Files.createFile(file);
    }
    var view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    if (view != null) {
      view.setPermissions(PosixFilePermissions.fromString("rw-------"));
    }
  }
}
