package io.countermand.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.countermand.events.OrderEvent;
import io.countermand.events.serde.EventSerdes;
import io.countermand.platform.SchemaAdmin.Status;
import io.countermand.platform.SchemaAdmin.Subject;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedPlatform.class)
class SchemaAdminTest {

  private final String url = SharedPlatform.get().registryUrl();
  private final CachedSchemaRegistryClient registry = new CachedSchemaRegistryClient(url, 100);
  private final Catalogue catalogue = one("t-" + UUID.randomUUID());
  private final String subject = catalogue.topics().getFirst().subject();

  @Test
  void shouldRegisterWithFullTransitiveCompatibilityOnce() throws Exception {
    assertThat(status()).isEqualTo(Status.MISSING);

    SchemaAdmin.register(url, catalogue);
    SchemaAdmin.register(url, catalogue);

    assertThat(status()).isEqualTo(Status.SAME);
    assertThat(registry.getCompatibility(subject)).isEqualTo("FULL_TRANSITIVE");
    assertThat(registry.getAllVersions(subject)).hasSize(1);
  }

  @Test
  void shouldMakeTheRegistryRefuseWhatDoesNotFit() {
    SchemaAdmin.register(url, catalogue);

    assertThatThrownBy(() -> registry.register(subject, unfit()))
        .isInstanceOfSatisfying(
            RestClientException.class, e -> assertThat(e.getStatus()).isEqualTo(409));
  }

  @Test
  void shouldRegisterANewVersionThatFits() throws Exception {
    String ours = EventSerdes.schemaOf(OrderEvent.class).canonicalString();
    String older = ours.replaceFirst("\\{\"name\":\"avgPx\"[^}]*},", "");
    assertThat(older).isNotEqualTo(ours);
    registry.register(subject, new AvroSchema(older));
    assertThat(status()).isEqualTo(Status.COMPATIBLE);

    SchemaAdmin.register(url, catalogue);

    assertThat(status()).isEqualTo(Status.SAME);
    assertThat(registry.getAllVersions(subject)).hasSize(2);
  }

  @Test
  void shouldRegisterNothingWhenASchemaDoesNotFit() throws Exception {
    registry.register(subject, unfit());
    assertThat(status()).isEqualTo(Status.INCOMPATIBLE);

    assertThatThrownBy(() -> SchemaAdmin.register(url, catalogue))
        .isInstanceOf(PlatformException.class)
        .hasMessageContaining(subject);

    assertThat(registry.getAllVersions(subject)).hasSize(1);
  }

  @Test
  void shouldCoverEveryTopicOfTheCatalogue() {
    Catalogue all = Catalogue.of(1, (short) 1);

    SchemaAdmin.register(url, all);

    assertThat(SchemaAdmin.check(url, all))
        .hasSameSizeAs(all.topics())
        .extracting(Subject::status)
        .containsOnly(Status.SAME);
  }

  @Test
  void shouldSayWhichRegistryDoesNotAnswer() {
    String nobody = "http://127.0.0.1:" + LocalPlatform.freePort();

    assertThatThrownBy(() -> SchemaAdmin.check(nobody, catalogue))
        .isInstanceOf(PlatformException.class)
        .hasMessageContaining(nobody);
  }

  private Status status() {
    return SchemaAdmin.check(url, catalogue).getFirst().status();
  }

  private static AvroSchema unfit() {
    return new AvroSchema(
        """
        {"type": "record", "name": "OrderEvent", "namespace": "io.countermand.events",
         "fields": [{"name": "somethingElse", "type": "string"}]}
        """);
  }

  private static Catalogue one(String topic) {
    return new Catalogue(
        List.of(new TopicSpec(topic, 1, (short) 1, java.util.Map.of(), OrderEvent.class)));
  }
}
