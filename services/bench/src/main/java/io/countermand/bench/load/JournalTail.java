package io.countermand.bench.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.function.ObjLongConsumer;

/** Reads the simulator's journal on from where it stopped: when each cancel reached the venue. */
public final class JournalTail {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final Set<String> called = new HashSet<>();
  private long position;

  public JournalTail(Path file) {
    this.file = file;
  }

  /** The cancels that came since the last time. */
  public LoadCalls read(IntentBatch batch) throws IOException {
    var seen = new ArrivalTimes(batch.size());
    int[] earlier = {0};
    forEachCancel(
        (orderId, at) -> {
          Integer index = batch.indexOf(orderId);
          if (index != null) {
            seen.see(index, at);
          }
          if (!called.add(orderId) && index == null) {
            earlier[0]++;
          }
        });
    return new LoadCalls(seen, earlier[0]);
  }

  /**
   * Hears of each cancel that came since the last time: its order, and when, microseconds. A line
   * that is only half there is left for the next time.
   */
  public void forEachCancel(ObjLongConsumer<String> cancels) throws IOException {
    try (var in = new RandomAccessFile(file.toFile(), "r")) {
      long end = wholeLines(in);
      in.seek(position);
      var lines =
          new BufferedReader(
              new InputStreamReader(
                  Channels.newInputStream(in.getChannel()), StandardCharsets.UTF_8));
      String line;
      while (position < end && (line = lines.readLine()) != null) {
        position += line.getBytes(StandardCharsets.UTF_8).length + 1;
        if (line.contains("\"entry\":\"received\"")) {
          note(JSON.readTree(line), cancels);
        }
      }
    }
  }

  private long wholeLines(RandomAccessFile in) throws IOException {
    for (long end = in.length(); end > position; end--) {
      in.seek(end - 1);
      if (in.read() == '\n') {
        return end;
      }
    }
    return position;
  }

  private static void note(JsonNode entry, ObjLongConsumer<String> cancels) {
    if (entry.path("kind").asText().equals("CANCEL")) {
      cancels.accept(entry.path("orderId").asText(), entry.path("at").longValue());
    }
  }
}
