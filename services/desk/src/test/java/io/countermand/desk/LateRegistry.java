package io.countermand.desk;

import io.confluent.kafka.schemaregistry.ParsedSchema;
import io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.countermand.events.serde.EventSerdes;
import java.io.IOException;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;

/** Answers for one more id, or fails for it. */
final class LateRegistry extends MockSchemaRegistryClient {

  private final int late;
  private final Class<? extends SpecificRecord> type;
  private volatile int questions = Integer.MAX_VALUE;

  /** What is said of the id; null: its schema. */
  volatile Exception says;

  LateRegistry(int late, Class<? extends SpecificRecord> type) {
    super(List.of(new AvroSchemaProvider()));
    this.late = late;
    this.type = type;
  }

  /** Knows the id when it was asked so often. */
  void backAfter(int more) {
    questions = more;
  }

  @Override
  public ParsedSchema getSchemaById(int id) throws IOException, RestClientException {
    if (id != late) {
      return super.getSchemaById(id);
    }
    if (questions-- == 0) {
      says = null;
    }
    switch (says) {
      case null -> {
        return EventSerdes.schemaOf(type);
      }
      case IOException e -> throw e;
      case RestClientException e -> throw e;
      default -> throw new IllegalStateException(says);
    }
  }
}
