package io.countermand.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.events.CancelIntent;
import io.countermand.events.Requester;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HexFormat;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The bytes of docs/clients.md, for clients in languages whose Avro library takes a union's value
 * in a form of its own: a requester that was handed over wrongly is written with all fields null.
 */
class RequesterVectorTest {

  @Test
  void shouldWriteARequester() throws IOException {
    assertThat(bytes(new Requester(null, "t1", null, null, "risk limit")))
        .isEqualTo("02 00 02 04 74 31 00 00 02 14 72 69 73 6b 20 6c 69 6d 69 74");
  }

  @Test
  void shouldWriteWhatAWronglyWrappedRequesterBecomes() throws IOException {
    assertThat(bytes(new Requester(null, null, null, null, null))).isEqualTo("02 00 00 00 00 00");
  }

  @Test
  void shouldWriteNoRequester() throws IOException {
    assertThat(bytes(null)).isEqualTo("00");
  }

  /** The field {@code requester} of an intent, with its branch of the union. */
  private static String bytes(@Nullable Requester requester) throws IOException {
    var field = CancelIntent.getClassSchema().getField("requester").schema();
    var out = new ByteArrayOutputStream();
    var encoder = EncoderFactory.get().binaryEncoder(out, null);
    new GenericDatumWriter<Requester>(field).write(requester, encoder);
    encoder.flush();
    return HexFormat.ofDelimiter(" ").formatHex(out.toByteArray());
  }
}
