package io.countermand.app.cancel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countermand.app.cli.OutcomeText;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of a batch's cancels, one JSON object a line; the first line names the batch, and is
 * on the disk before anything is sent: the ids of all cancels follow from it. One process at a
 * time. A line that a crash cut short is taken away. Thread-safe.
 */
final class ResultFile implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final RandomAccessFile file;
  private final String batch;
  private final Instant begun;
  private final Map<String, String> results = new HashMap<>();

  private ResultFile(RandomAccessFile file, String freshBatch) throws IOException {
    this.file = file;
    List<JsonNode> lines = read(file);
    if (lines.isEmpty()) {
      batch = freshBatch;
      begun = Instant.now();
      Map<String, @Nullable Object> first = new HashMap<>();
      first.put("batch", batch);
      first.put("begun", begun.toString());
      append(OutcomeText.write(first));
      file.getFD().sync();
      return;
    }
    JsonNode first = lines.getFirst();
    if (!first.hasNonNull("batch") || !first.hasNonNull("begun")) {
      throw new IOException("is no result file of a batch, and is left as it is");
    }
    batch = first.get("batch").asText();
    begun = Instant.parse(first.get("begun").asText());
    for (JsonNode line : lines) {
      if (line.hasNonNull("result") && line.hasNonNull("cancelId") && line.hasNonNull("order")) {
        results.put(
            name(line.get("order").asText(), line.get("cancelId").asText()),
            line.get("result").asText());
      }
    }
  }

  /**
   * New, or as it was left.
   *
   * @param freshBatch name of the batch if it is new
   * @throws IllegalStateException if another process has it, or it is something else
   */
  static ResultFile open(Path path, String freshBatch) {
    RandomAccessFile file = null;
    try {
      file = new RandomAccessFile(path.toFile(), "rw");
      if (file.getChannel().tryLock() == null) {
        throw new IOException("another process writes it: one run of a batch at a time");
      }
      return new ResultFile(file, freshBatch);
    } catch (IOException | OverlappingFileLockException e) {
      if (file != null) {
        close(file);
      }
      String why = e instanceof IOException ? e.getMessage() : "this process writes it already";
      throw new IllegalStateException("result file " + path + ": " + why, e);
    }
  }

  private static void close(RandomAccessFile file) {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Leaves the file at the end of its last whole line. */
  private static List<JsonNode> read(RandomAccessFile file) throws IOException {
    byte[] bytes = new byte[Math.toIntExact(file.length())];
    file.readFully(bytes);
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] != '\n') {
      end--;
    }
    List<JsonNode> lines = new ArrayList<>();
    for (String line : new String(bytes, 0, end, StandardCharsets.UTF_8).split("\n", -1)) {
      if (!line.isBlank()) {
        try {
          lines.add(JSON.readTree(line));
        } catch (JsonProcessingException e) {
          throw new IOException("has a line that is no JSON, and is left as it is", e);
        }
      }
    }
    if (lines.isEmpty() && bytes.length > 0 && bytes[0] != '{') {
      throw new IOException("is no result file, and is left as it is");
    }
    file.setLength(end);
    file.seek(end);
    return lines;
  }

  private static String name(String order, String cancelId) {
    return order + ' ' + cancelId;
  }

  String batch() {
    return batch;
  }

  Instant begun() {
    return begun;
  }

  /** What an earlier run had written; null: nothing final. */
  @Nullable String result(String order, String cancelId) {
    return results.get(name(order, cancelId));
  }

  synchronized void append(String line) {
    try {
      file.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("result file cannot be written", e);
    }
  }

  @Override
  public synchronized void close() {
    close(file);
  }
}
