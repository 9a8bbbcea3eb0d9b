package io.countermand.console;

import io.countermand.client.EventRecord;
import io.countermand.events.DeadLetter;
import io.countermand.events.serde.Decoded;
import io.countermand.events.serde.EventSerdes;
import io.countermand.events.serde.RegistryUnavailableException;
import io.countermand.platform.Topics;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter, decoded as far as can be.
 *
 * @param place its own
 * @param source where the record stood
 * @param key as text
 * @param fields what the value says; empty: it cannot be read
 * @param unread why it cannot be read, or is cut; empty: it can
 * @param text the value's bytes as UTF-8, as far as they are; empty: there are none
 * @param hex the value's first bytes
 */
public record LetterView(
    DeadLetter letter,
    String place,
    String source,
    String key,
    List<Fields.Field> fields,
    String unread,
    String text,
    String hex) {

  private static final int MOST_HEX = 512;

  private static final Map<String, Class<? extends SpecificRecord>> TYPES =
      Map.of(
          Topics.INTENTS, io.countermand.events.CancelIntent.class,
          Topics.ORDER_EVENTS, io.countermand.events.OrderEvent.class,
          Topics.RETRIES, io.countermand.events.CancelRequest.class,
          Topics.PROGRESS, io.countermand.events.CancelProgress.class,
          Topics.MASS_CANCELS, io.countermand.events.MassCancel.class,
          Topics.HEARTBEATS, io.countermand.events.Heartbeat.class);

  static String place(EventRecord<DeadLetter> record) {
    return record.topic() + "-" + record.partition() + "@" + record.offset();
  }

  static LetterView of(EventRecord<DeadLetter> record, EventSerdes serdes) {
    DeadLetter letter = record.value();
    byte[] value = bytes(letter.getValue());
    byte[] key = bytes(letter.getKey());
    var read = read(letter, value, serdes);
    return new LetterView(
        letter,
        place(record),
        Fields.place(letter.getSource()),
        key == null ? "(none)" : DisplayText.text(new String(key, StandardCharsets.UTF_8)),
        read.fields(),
        read.unread(),
        value == null ? "" : DisplayText.text(new String(value, StandardCharsets.UTF_8)),
        value == null ? "" : hex(value));
  }

  private record Read(List<Fields.Field> fields, String unread) {}

  private static Read read(DeadLetter letter, byte @Nullable [] value, EventSerdes serdes) {
    if (value == null) {
      return new Read(List.of(), "The value is null.");
    }
    if (value.length < letter.getValueSize()) {
      return new Read(
          List.of(),
          "Only "
              + DisplayText.number(value.length)
              + " of its "
              + DisplayText.number(letter.getValueSize())
              + " bytes are kept here; all of it stands at its source.");
    }
    Class<? extends SpecificRecord> type = TYPES.get(letter.getSource().getTopic());
    if (type == null) {
      return new Read(List.of(), "No record of ours belongs on that topic.");
    }
    try {
      return switch (serdes.decoder(type).decode(letter.getSource().getTopic(), value)) {
        case Decoded.Ok<? extends SpecificRecord>(SpecificRecord record) ->
            new Read(Fields.of(record, Set.of()), "");
        case Decoded.Poison<? extends SpecificRecord>(Decoded.Kind _, String text) ->
            new Read(List.of(), DisplayText.text(text));
      };
    } catch (RegistryUnavailableException e) {
      return new Read(
          List.of(), "The schema registry cannot be asked now; the bytes are below. Try again.");
    }
  }

  private static byte @Nullable [] bytes(@Nullable ByteBuffer buffer) {
    if (buffer == null) {
      return null;
    }
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  private static String hex(byte[] value) {
    int shown = Math.min(value.length, MOST_HEX);
    String hex = HexFormat.ofDelimiter(" ").formatHex(value, 0, shown);
    return value.length > shown ? hex + " …" : hex;
  }
}
