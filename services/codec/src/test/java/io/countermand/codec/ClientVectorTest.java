package io.countermand.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.order.OrderRef;
import io.countermand.events.CancelIntent;
import io.countermand.events.CancelOutcome;
import io.countermand.events.serde.Decoded;
import io.countermand.events.serde.EventSerdes;
import io.countermand.events.serde.Trust;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.avro.Schema;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;

/** The vectors of docs/any-client.md: what they show is what we write and read. */
class ClientVectorTest {

  static {
    Trust.ourRecords();
  }

  private static final Path PAGE = Path.of("../../docs/any-client.md");

  @Test
  void shouldWriteAndReadTheIntentOfThePage() throws IOException {
    CancelIntent intent = check(CancelIntent.class, 0);
    assertThat(IntentCodec.fromAvro(intent).order())
        .isEqualTo(new OrderRef("crosstrade", "Sim/101", "9007199254740993"));
    assertThat(Files.readString(PAGE)).contains(IntentCodec.fromAvro(intent).order().key());
  }

  @Test
  void shouldWriteAndReadTheOutcomeOfThePage() throws IOException {
    CancelIntent intent = check(CancelIntent.class, 0);
    CancelOutcome outcome = check(CancelOutcome.class, 1);
    assertThat(outcome.getCancel().getDigest()).isEqualTo(IntentCodec.fromAvro(intent).digest());
  }

  private static <T extends SpecificRecord> T check(Class<T> type, int number) throws IOException {
    byte[] bytes = Base64.getDecoder().decode(blocks("base64").get(number).replace("\n", ""));
    Schema schema = SpecificData.getForClass(type).getSchema(type);
    T value = ofJson(type, schema, blocks("json").get(number));
    assertThat(Base64.getEncoder().encodeToString(written(value, schema)))
        .isEqualTo(Base64.getEncoder().encodeToString(bytes));
    byte[] record =
        ByteBuffer.allocate(5 + bytes.length).put((byte) 0).putInt(7).put(bytes).array();
    Decoded<T> read =
        EventSerdes.ofSchemas(Map.of(7, schema.toString())).decoder(type).decode("t", record);
    // As text: Avro's arrays of records with times cannot be compared.
    assertThat(read).hasToString(new Decoded.Ok<>(value).toString());
    return value;
  }

  private static <T extends SpecificRecord> T ofJson(Class<T> type, Schema schema, String json)
      throws IOException {
    return new SpecificDatumReader<T>(schema, schema, SpecificData.getForClass(type))
        .read(null, DecoderFactory.get().jsonDecoder(schema, json));
  }

  private static <T extends SpecificRecord> byte[] written(T value, Schema schema)
      throws IOException {
    var out = new ByteArrayOutputStream();
    var encoder = EncoderFactory.get().directBinaryEncoder(out, null);
    new SpecificDatumWriter<T>(schema, SpecificData.getForClass(value.getClass()))
        .write(value, encoder);
    return out.toByteArray();
  }

  private static List<String> blocks(String kind) throws IOException {
    return Pattern.compile("```" + kind + "\n(.*?)\n```", Pattern.DOTALL)
        .matcher(Files.readString(PAGE))
        .results()
        .map(found -> found.group(1))
        .toList();
  }
}
