package io.countermand.events.serde;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import io.confluent.kafka.schemaregistry.avro.AvroSchemaUtils;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClientConfig;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClientFactory;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import io.confluent.kafka.serializers.KafkaAvroSerializerConfig;
import io.countermand.events.serde.SchemaMemory.Written;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Events to bytes and back, in the Confluent wire format, over one shared registry client. Writers
 * never register schemas: an unregistered one is an error. Safe for many threads; closing what is
 * made here does not close the client.
 */
public final class EventSerdes implements AutoCloseable {

  private static final int SCHEMAS = 1000;

  static {
    Trust.ourRecords();
  }

  private final Map<String, Object> config;
  private final SchemaRegistryClient registry;
  private final SchemaMemory memory;
  private final SchemaQuestions questions;
  private final @Nullable SchemaCheck check;

  public EventSerdes(String registryUrl) {
    this(registryUrl, Map.of());
  }

  /**
   * No request is made before the first value.
   *
   * @param registryUrl one URL or several, comma-separated
   * @param extra settings of Confluent's serializers and registry client, over ours
   */
  public EventSerdes(String registryUrl, Map<String, ?> extra) {
    this.config = config(registryUrl, extra);
    this.registry = client(registryUrl, config);
    this.memory = SchemaMemory.ofProcess();
    this.questions = questions(registry, memory);
    this.check = null;
  }

  /**
   * For a role: schema ids that it knows are kept on disk and held against the registry now and
   * every few seconds, so that it goes on while the registry is away or wiped, and notices when ids
   * mean something else than before. Waits some seconds for the registry, not longer.
   *
   * @param kept written whole and atomically; one that is damaged, or of another registry, is not
   *     used
   * @param written by topic what the role may write, so that its id is known before
   */
  public EventSerdes(
      String registryUrl,
      Map<String, ?> extra,
      Path kept,
      Map<String, Class<? extends SpecificRecord>> written) {
    this.config = config(registryUrl, extra);
    this.registry = client(registryUrl, config);
    this.memory = SchemaMemory.on(new SchemaFile(kept, registryUrl));
    this.questions = questions(registry, memory);
    List<Written> wanted = new ArrayList<>();
    written.forEach((topic, type) -> wanted.add(new Written(topic, schemaOf(type).rawSchema())));
    this.check = new SchemaCheck(client(registryUrl, config), memory, wanted).start();
  }

  private static SchemaQuestions questions(SchemaRegistryClient registry, SchemaMemory memory) {
    return new SchemaQuestions(registry, memory, Thread.ofVirtual().name("schema-question")::start);
  }

  private static SchemaRegistryClient client(String registryUrl, Map<String, Object> config) {
    return SchemaRegistryClientFactory.newClient(
        List.of(registryUrl.split(",")),
        SCHEMAS,
        List.of(new AvroSchemaProvider()),
        config,
        Map.of());
  }

  /** For tests and for tools that hold a client already; {@link #close} closes it. */
  public EventSerdes(SchemaRegistryClient registry, Map<String, ?> extra) {
    this(registry, extra, Thread.ofVirtual().name("schema-question")::start);
  }

  /**
   * The same.
   *
   * @param asking runs what the registry is asked in the background
   */
  public EventSerdes(SchemaRegistryClient registry, Map<String, ?> extra, Executor asking) {
    this.config = config("mock://given", extra);
    this.registry = registry;
    this.memory = SchemaMemory.ofProcess();
    this.questions = new SchemaQuestions(registry, memory, asking);
    this.check = null;
  }

  /** Over schemas that are given, without a registry; for reading records that were kept. */
  public static EventSerdes ofSchemas(Map<Integer, String> schemas) {
    var registry = new MockSchemaRegistryClient(List.of(new AvroSchemaProvider()));
    schemas.forEach(
        (id, text) -> {
          try {
            registry.register("kept-" + id, new AvroSchema(text), 1, id);
          } catch (IOException | RestClientException e) {
            throw new IllegalStateException("schema " + id + " cannot be kept in memory", e);
          }
        });
    return new EventSerdes(registry, Map.of());
  }

  /**
   * A schema's text, as the registry has it; empty: it knows none of that id.
   *
   * @throws RegistryUnavailableException when the registry cannot tell
   */
  public Optional<String> schema(int id) {
    try {
      return Optional.of(registry.getSchemaById(id).canonicalString());
    } catch (IOException | RestClientException | RuntimeException e) {
      if (RegistryErrors.isUnknownSchema(e) || RegistryErrors.isForeignSchema(e)) {
        return Optional.empty();
      }
      throw new RegistryUnavailableException("Schema registry cannot tell schema id " + id, e);
    }
  }

  /**
   * Fails on a value that lacks a field, with Kafka's {@code SerializationException}; on a registry
   * that cannot be asked, with {@link RegistryUnavailableException}.
   */
  public <T extends SpecificRecord> Serializer<T> serializer(Class<T> type) {
    return new EventSerializer<>(new KafkaAvroSerializer(registry, config), memory);
  }

  /**
   * Fails on poison, with Kafka's {@code SerializationException}; on a registry that cannot be
   * asked, with {@link RegistryUnavailableException}.
   */
  public <T extends SpecificRecord> Deserializer<T> deserializer(Class<T> type) {
    return new EventDeserializer<>(decoder(type));
  }

  public <T extends SpecificRecord> Serde<T> serde(Class<T> type) {
    return Serdes.serdeFrom(serializer(type), deserializer(type));
  }

  /** Keep it: it caches how each writer's schema is read. */
  public <T extends SpecificRecord> EventDecoder<T> decoder(Class<T> type) {
    return new EventDecoder<>(type, questions, memory);
  }

  /** What is asked of the registry in the background, by all decoders made here. */
  public SchemaQuestions questions() {
    return questions;
  }

  /**
   * Whether a role's threads can write all that they may, whatever becomes of the registry: a
   * thread that wants an id for the first time while it is away would end. False only where nothing
   * was kept and the registry was never heard.
   */
  public boolean knowsWhatIsWritten() {
    return check == null || check.knowsWhatIsWritten();
  }

  /** Schema ids that the registry has given more than one meaning, as far as it was noticed. */
  public long disputedIds() {
    return memory.disputed();
  }

  /** The schema as the registry has it: without the properties that only Java's classes need. */
  public static <T extends SpecificRecord> AvroSchema schemaOf(Class<T> type) {
    return new AvroSchema(
        AvroSchemaUtils.getSchema(
            SpecificData.newInstance(type, SpecificData.getForClass(type).getSchema(type)),
            false,
            false,
            false,
            true,
            false));
  }

  @Override
  public void close() {
    if (check != null) {
      check.close();
    }
    try {
      registry.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, Object> config(String registryUrl, Map<String, ?> extra) {
    Map<String, Object> config = new HashMap<>();
    config.put(KafkaAvroSerializerConfig.SCHEMA_REGISTRY_URL_CONFIG, registryUrl);
    config.put(KafkaAvroSerializerConfig.AUTO_REGISTER_SCHEMAS, false);
    config.put(KafkaAvroSerializerConfig.USE_LATEST_VERSION, false);
    config.put(KafkaAvroSerializerConfig.AVRO_REMOVE_JAVA_PROPS_CONFIG, true);
    // The caller retries, and knows for how long; the client's own minute per request stalls it.
    config.put(SchemaRegistryClientConfig.HTTP_CONNECT_TIMEOUT_MS, 2_000);
    config.put(SchemaRegistryClientConfig.HTTP_READ_TIMEOUT_MS, 5_000);
    config.put(SchemaRegistryClientConfig.MAX_RETRIES_CONFIG, 1);
    config.put(SchemaRegistryClientConfig.RETRIES_WAIT_MS_CONFIG, 100);
    config.put(SchemaRegistryClientConfig.RETRIES_MAX_WAIT_MS_CONFIG, 500);
    // One question per unknown id in 5 s: a flood of garbage stays off the registry, and a schema
    // that is registered late is found soon.
    config.put(SchemaRegistryClientConfig.MISSING_ID_CACHE_TTL_CONFIG, 5L);
    config.putAll(extra);
    return config;
  }
}
