package io.countermand.events.serde;

import io.confluent.kafka.schemaregistry.ParsedSchema;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.countermand.events.serde.SchemaMemory.Written;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds what is kept of schema ids against the registry, every few seconds on a thread of its own:
 * a registry that was wiped, or replaced, gives its ids anew. With a client of its own, since each
 * round forgets what that has cached.
 */
final class SchemaCheck implements AutoCloseable {

  /** So long, at the most, a changed id is read and written as before. */
  static final Duration EVERY = Duration.ofSeconds(10);

  /** While the registry was never heard. */
  private static final Duration EVERY_AT_FIRST = Duration.ofSeconds(1);

  /** How long a start waits for the first round. */
  private static final Duration FIRST = Duration.ofSeconds(3);

  private static final Logger LOG = LoggerFactory.getLogger(SchemaCheck.class);

  private final SchemaRegistryClient registry;
  private final SchemaMemory memory;
  private final List<Written> wanted;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Set<Integer> missed = ConcurrentHashMap.newKeySet();
  private volatile boolean heard;

  /**
   * @param wanted what the role may write: a thread that needs it first while the registry is away
   *     would end
   */
  SchemaCheck(SchemaRegistryClient registry, SchemaMemory memory, List<Written> wanted) {
    this.registry = registry;
    this.memory = memory;
    this.wanted = wanted;
  }

  /** Returns after the first round, or when the registry takes too long. */
  SchemaCheck start() {
    var first = new CountDownLatch(1);
    Thread.ofVirtual()
        .name("schema-check")
        .start(
            () -> {
              try {
                do {
                  round();
                  first.countDown();
                } while (!closed.await(pause().toMillis(), TimeUnit.MILLISECONDS));
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    try {
      boolean _ = first.await(FIRST.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return this;
  }

  /** Whether the ids are known of all that the registry has and the role may write. */
  boolean knowsWhatIsWritten() {
    return heard || wanted.stream().allMatch(what -> memory.writtenAs(what).isPresent());
  }

  private Duration pause() {
    return knowsWhatIsWritten() ? EVERY : EVERY_AT_FIRST;
  }

  private void round() {
    try {
      registry.reset();
      for (Written what : wanted) {
        learn(what);
      }
      heard = true;
      for (int id : memory.ids()) {
        read(id);
      }
      for (Map.Entry<Written, Integer> each : memory.written().entrySet()) {
        write(each.getKey(), each.getValue());
      }
    } catch (IOException | RestClientException | RuntimeException e) {
      // Away: what is kept is used as it is. The next round asks again.
      LOG.atDebug().addKeyValue("error", e.toString()).log("schema ids could not be compared");
    }
  }

  private void learn(Written what) throws IOException, RestClientException {
    if (memory.writtenAs(what).isPresent()) {
      return;
    }
    try {
      int id = registry.getId(what.topic() + "-value", new AvroSchema(what.schema()));
      memory.learned(id, what.schema());
      memory.writes(what, id);
    } catch (IOException | RestClientException | RuntimeException e) {
      if (!RegistryErrors.isUnknownSchema(e)) {
        throw e;
      }
    }
  }

  private void read(int id) throws IOException, RestClientException {
    try {
      ParsedSchema says = registry.getSchemaById(id);
      if (says instanceof AvroSchema avro) {
        memory.learned(id, avro.rawSchema());
        missed.remove(id);
      }
    } catch (IOException | RestClientException | RuntimeException e) {
      if (!RegistryErrors.isUnknownSchema(e)) {
        throw e;
      }
      if (missed.add(id)) {
        LOG.atWarn()
            .addKeyValue("schema", id)
            .log("the registry does not know a schema id any more; what is kept of it is used");
      }
    }
  }

  private void write(Written what, int before) throws IOException, RestClientException {
    try {
      int id = registry.getId(what.topic() + "-value", new AvroSchema(what.schema()));
      if (id != before) {
        LOG.atError()
            .addKeyValue("topic", what.topic())
            .addKeyValue("schema", id)
            .addKeyValue("before", before)
            .log("the registry has given a schema another id, which is written from now on");
        memory.learned(id, what.schema());
        memory.writes(what, id);
      }
    } catch (IOException | RestClientException | RuntimeException e) {
      if (!RegistryErrors.isUnknownSchema(e)) {
        throw e;
      }
    }
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      registry.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
