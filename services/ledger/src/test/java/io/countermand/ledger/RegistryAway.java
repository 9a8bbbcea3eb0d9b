package io.countermand.ledger;

import io.confluent.kafka.schemaregistry.ParsedSchema;
import io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.countermand.events.serde.EventSerdes;
import java.io.IOException;
import java.net.ConnectException;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;

/** Away for one id, or denies it, or knows it. */
final class RegistryAway extends MockSchemaRegistryClient {

  static final int NEW_ID = 999;

  volatile boolean away;
  volatile boolean denies;
  private final Class<? extends SpecificRecord> type;

  /**
   * @param type what the id means
   */
  RegistryAway(Class<? extends SpecificRecord> type) {
    super(List.of(new AvroSchemaProvider()));
    this.type = type;
  }

  @Override
  public ParsedSchema getSchemaById(int id) throws IOException, RestClientException {
    if (id != NEW_ID) {
      return super.getSchemaById(id);
    }
    if (away) {
      throw new ConnectException("refused");
    }
    if (denies) {
      throw new RestClientException("Schema 999 not found", 404, 40403);
    }
    return EventSerdes.schemaOf(type);
  }
}
