package io.countermand.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The journal as JSON lines, in at most two files: the newest lines, and those before. A kill can
 * tear only the last line: it is dropped. Guarded by its owner's lock.
 */
final class JournalFile implements Closeable {

  private final Path path;
  private final long most;
  // Not a FileChannel: that is closed when a thread that writes is interrupted.
  private FileOutputStream out;
  private long size;

  private JournalFile(Path path, long most) throws IOException {
    this.path = path;
    this.most = most;
    out = new FileOutputStream(path.toFile(), true);
    size = Files.size(path);
  }

  /** Opens for appending after the last whole line. */
  static JournalFile append(Path path, long most) throws IOException {
    if (path.getParent() != null) {
      Files.createDirectories(path.getParent());
    }
    try (var file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(wholeLines(file));
    }
    return new JournalFile(path, most);
  }

  /** The whole lines, those of the file before first; none if there is no such file. */
  static List<JournalEntry> read(Path path) throws IOException {
    var entries = new ArrayList<JournalEntry>();
    read(before(path), entries);
    read(path, entries);
    return entries;
  }

  private static Path before(Path path) {
    return path.resolveSibling(path.getFileName() + ".1");
  }

  private static void read(Path path, List<JournalEntry> entries) throws IOException {
    if (Files.exists(path)) {
      var text = Files.readString(path, UTF_8);
      var whole = text.substring(0, text.lastIndexOf('\n') + 1);
      for (var line : (Iterable<String>) whole.lines()::iterator) {
        entries.add(JournalJson.read(line));
      }
    }
  }

  /** One write to the system per entry. */
  void write(JournalEntry entry) throws IOException {
    var line = (JournalJson.write(entry) + "\n").getBytes(UTF_8);
    if (size > 0 && size + line.length > most) {
      out.close();
      Files.move(path, before(path), REPLACE_EXISTING);
      out = new FileOutputStream(path.toFile(), true);
      size = 0;
    }
    out.write(line);
    size += line.length;
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  private static long wholeLines(RandomAccessFile file) throws IOException {
    for (long at = file.length() - 1; at >= 0; at--) {
      file.seek(at);
      if (file.read() == '\n') {
        return at + 1;
      }
    }
    return 0;
  }
}
