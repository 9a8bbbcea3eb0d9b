package io.countermand.simulator.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The journal as JSON lines. A kill can tear only the last line: it is dropped. */
final class JournalFile implements Closeable {

  // Not a FileChannel: that is closed when a thread that writes is interrupted.
  private final FileOutputStream out;

  private JournalFile(FileOutputStream out) {
    this.out = out;
  }

  /** Opens for appending after the last whole line. */
  static JournalFile append(Path path) throws IOException {
    if (path.getParent() != null) {
      Files.createDirectories(path.getParent());
    }
    try (var file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(wholeLines(file));
    }
    return new JournalFile(new FileOutputStream(path.toFile(), true));
  }

  /** The whole lines; none if there is no such file. */
  static List<JournalEntry> read(Path path) throws IOException {
    var entries = new ArrayList<JournalEntry>();
    if (Files.exists(path)) {
      var text = Files.readString(path, UTF_8);
      var whole = text.substring(0, text.lastIndexOf('\n') + 1);
      for (var line : (Iterable<String>) whole.lines()::iterator) {
        entries.add(JournalJson.read(line));
      }
    }
    return entries;
  }

  /** One write to the system per entry. */
  void write(JournalEntry entry) throws IOException {
    out.write((JournalJson.write(entry) + "\n").getBytes(UTF_8));
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
