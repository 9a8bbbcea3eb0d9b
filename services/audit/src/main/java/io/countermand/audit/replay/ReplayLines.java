package io.countermand.audit.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countermand.audit.source.AuditException;
import io.countermand.audit.source.Decoders;
import io.countermand.events.DeadLetter;
import io.countermand.events.serde.Decoded;
import io.countermand.events.serde.EventSerdes;
import io.countermand.kafka.KafkaConnection;
import io.countermand.platform.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Replayed records as JSON, one object a line. One thread. */
public final class ReplayLines implements Consumer<ConsumerRecord<byte[], byte[]>>, AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final EventSerdes serdes;
  private final Decoders decoders;
  private final Consumer<String> line;

  public ReplayLines(KafkaConnection connection, Consumer<String> line) {
    this.serdes = connection.serdes();
    this.decoders = Decoders.of(serdes);
    this.line = line;
  }

  @Override
  public void accept(ConsumerRecord<byte[], byte[]> record) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("topic", record.topic());
    fields.put("partition", record.partition());
    fields.put("offset", record.offset());
    fields.put("timestamp", Instant.ofEpochMilli(record.timestamp()).toString());
    fields.put(
        "key", record.key() == null ? null : new String(record.key(), StandardCharsets.UTF_8));
    Map<String, @Nullable String> headers = new LinkedHashMap<>();
    for (Header header : record.headers()) {
      headers.put(
          header.key(),
          header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8));
    }
    fields.put("headers", headers);
    var decoder =
        record.topic().equals(Topics.DEAD_LETTERS)
            ? serdes.decoder(DeadLetter.class)
            : decoders.of(record.topic());
    try {
      if (decoder.decode(record.topic(), record.value()) instanceof Decoded.Ok<?>(var value)) {
        fields.put("value", JSON.readTree(value.toString()));
      } else {
        fields.put(
            "bytes",
            record.value() == null ? null : Base64.getEncoder().encodeToString(record.value()));
      }
      line.accept(JSON.writeValueAsString(fields));
    } catch (JsonProcessingException e) {
      throw new AuditException("a record cannot be told as JSON: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    serdes.close();
  }
}
