package io.countermand.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the simulator's journal on from where it stopped: when each cancel reached the venue. */
final class JournalTail {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private long position;

  JournalTail(Path file) {
    this.file = file;
  }

  /** The cancels of this load that came since the last time. Whole lines only, so call at rest. */
  Sightings read(Batch batch) throws IOException {
    var calls = new Sightings(batch.size());
    long end = Files.size(file);
    try (var in = new RandomAccessFile(file.toFile(), "r")) {
      in.seek(position);
      var lines =
          new BufferedReader(
              new InputStreamReader(
                  Channels.newInputStream(in.getChannel()), StandardCharsets.UTF_8));
      String line;
      while ((line = lines.readLine()) != null) {
        if (line.contains("\"entry\":\"received\"")) {
          note(JSON.readTree(line), batch, calls);
        }
      }
    }
    position = end;
    return calls;
  }

  private static void note(JsonNode entry, Batch batch, Sightings calls) {
    Integer index = batch.indexOf(entry.path("orderId").asText());
    if (index != null && entry.path("kind").asText().equals("CANCEL")) {
      calls.see(index, entry.path("at").longValue());
    }
  }
}
