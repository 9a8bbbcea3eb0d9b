package io.countermand.bench.call;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * What a peer is told, and how all of them set up their Kafka clients.
 *
 * @param group consumer or share group, application id
 * @param intents topic to read from
 * @param results topic to write one record per intent to, under the intent's key
 * @param partitions of both topics
 * @param venue name of the venue instance
 * @param concurrency calls in flight
 * @param state directory for whoever needs one
 */
public record PeerSettings(
    String bootstrapServers,
    String registryUrl,
    String group,
    String intents,
    String results,
    int partitions,
    String venue,
    URI venueUrl,
    String token,
    int concurrency,
    Path state) {

  public void write(Path file) throws IOException {
    Properties all = new Properties();
    all.setProperty("bootstrapServers", bootstrapServers);
    all.setProperty("registryUrl", registryUrl);
    all.setProperty("group", group);
    all.setProperty("intents", intents);
    all.setProperty("results", results);
    all.setProperty("partitions", Integer.toString(partitions));
    all.setProperty("venue", venue);
    all.setProperty("venueUrl", venueUrl.toString());
    all.setProperty("token", token);
    all.setProperty("concurrency", Integer.toString(concurrency));
    all.setProperty("state", state.toString());
    try (Writer out = Files.newBufferedWriter(file)) {
      all.store(out, null);
    }
  }

  public static PeerSettings read(Path file) throws IOException {
    Properties all = new Properties();
    try (Reader in = Files.newBufferedReader(file)) {
      all.load(in);
    }
    return new PeerSettings(
        all.getProperty("bootstrapServers"),
        all.getProperty("registryUrl"),
        all.getProperty("group"),
        all.getProperty("intents"),
        all.getProperty("results"),
        Integer.parseInt(all.getProperty("partitions")),
        all.getProperty("venue"),
        URI.create(all.getProperty("venueUrl")),
        all.getProperty("token"),
        Integer.parseInt(all.getProperty("concurrency")),
        Path.of(all.getProperty("state")));
  }

  /** Waits for all in-sync replicas and sends at once, as ours. */
  public Properties producer() {
    Properties settings = common();
    settings.put("acks", "all");
    settings.put("enable.idempotence", "true");
    settings.put("linger.ms", "0");
    return settings;
  }

  /** Of a consumer group, from the first record on, without automatic commits. */
  public Properties consumer() {
    Properties settings = common();
    settings.put("group.id", group);
    settings.put("auto.offset.reset", "earliest");
    settings.put("enable.auto.commit", "false");
    settings.put("session.timeout.ms", "6000");
    settings.put("heartbeat.interval.ms", "2000");
    return settings;
  }

  /** What any client needs. */
  public Properties common() {
    Properties settings = new Properties();
    settings.put("bootstrap.servers", bootstrapServers);
    settings.put("client.id", group);
    return settings;
  }
}
