package io.countermand.events.serde;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Schema ids on disk: text, a line each, written whole and put in place by a rename.
 *
 * <pre>
 * countermand-schemas 1 REGISTRY
 * read  ID SHA-256 SCHEMA         what an id means, oldest first
 * write ID SHA-256 TOPIC SCHEMA   under which id a topic is written
 * end   LINES
 * </pre>
 *
 * A file that is cut, changed or of another registry is none: what it would have told is asked.
 */
final class SchemaFile {

  private static final Logger LOG = LoggerFactory.getLogger(SchemaFile.class);
  private static final String FIRST = "countermand-schemas 1 ";

  private final Path file;
  private final String registry;

  SchemaFile(Path file, String registry) {
    this.file = file;
    this.registry = registry;
  }

  /**
   * @param topic null: what the id means to a reader
   */
  record Line(int id, @Nullable String topic, Schema schema) {

    private String text() {
      String json = schema.toString();
      return topic == null
          ? "read\t" + id + '\t' + fingerprint(json) + '\t' + json
          : "write\t" + id + '\t' + fingerprint(json) + '\t' + topic + '\t' + json;
    }

    private static Line of(String text) {
      boolean reads = text.startsWith("read\t");
      String[] parts = text.split("\t", reads ? 4 : 5);
      String json = parts[parts.length - 1];
      if (!reads && !"write".equals(parts[0]) || !fingerprint(json).equals(parts[2])) {
        throw new IllegalArgumentException("a line that nobody wrote so");
      }
      Schema schema = new Schema.Parser().parse(json);
      return new Line(Integer.parseInt(parts[1]), reads ? null : parts[3], schema);
    }
  }

  /** What was kept; empty: nothing, or nothing that can be relied on. */
  List<Line> load() {
    if (!Files.exists(file)) {
      return List.of();
    }
    try {
      List<String> texts = Files.readAllLines(file, UTF_8);
      if (!texts.getFirst().startsWith(FIRST)
          || !texts.getLast().equals("end\t" + (texts.size() - 2))) {
        throw new IllegalArgumentException("it is cut, or of another version");
      }
      if (!texts.getFirst().equals(FIRST + registry)) {
        LOG.atInfo().addKeyValue("file", file).log("schema ids kept of another registry, not used");
        return List.of();
      }
      List<Line> lines = new ArrayList<>();
      for (String text : texts.subList(1, texts.size() - 1)) {
        lines.add(Line.of(text));
      }
      return lines;
    } catch (IOException | RuntimeException e) {
      LOG.atWarn()
          .addKeyValue("file", file)
          .addKeyValue("error", e.toString())
          .log("schema ids kept on disk cannot be read, the registry is asked instead");
      return List.of();
    }
  }

  /** Failure costs what is kept, nothing else. */
  void save(List<Line> lines) {
    List<String> texts = new ArrayList<>();
    texts.add(FIRST + registry);
    lines.forEach(line -> texts.add(line.text()));
    texts.add("end\t" + lines.size());
    try {
      Path directory = file.toAbsolutePath().getParent();
      Files.createDirectories(directory);
      Path next = Files.createTempFile(directory, file.getFileName().toString(), ".new");
      try {
        Files.write(next, texts, UTF_8);
        move(next);
      } finally {
        Files.deleteIfExists(next);
      }
    } catch (IOException | RuntimeException e) {
      LOG.atWarn()
          .addKeyValue("file", file)
          .addKeyValue("error", e.toString())
          .log("schema ids cannot be kept on disk");
    }
  }

  private void move(Path next) throws IOException {
    try {
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static String fingerprint(String json) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(json.getBytes(UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
