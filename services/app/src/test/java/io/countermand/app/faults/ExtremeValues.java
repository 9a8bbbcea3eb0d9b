package io.countermand.app.faults;

import io.countermand.events.serde.EventSerdes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificRecord;

/**
 * Values that Avro and the schema allow and nobody would write: empty and very long texts, numbers
 * at both ends, quantities with exponents of millions, times that cannot be, maps of hundreds.
 * Orders and cancel ids are of a small set, so that records meet. From a seed.
 */
final class ExtremeValues {

  static final String ACCOUNT = "fuzz";

  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "\u0000",
          "\ud83d\ude00".repeat(50),
          "a\u0301\u202e\ufeff",
          "%2F%zz/../",
          "1E9999999",
          "-1E999999999",
          "1e-999999999",
          "0.0000000000000000000000000000000000000000000000001",
          "9".repeat(300),
          "-0",
          "NaN",
          "0x1p3",
          "1",
          "10",
          "null",
          "{\"a\":".repeat(100));
  private static final long[] LONGS = {
    0, -1, 1, Long.MIN_VALUE, Long.MAX_VALUE, Integer.MIN_VALUE, 1L << 53, 253402300800000000L
  };

  private final SplittableRandom random;
  private final List<String> venues;
  private final int orders;

  /**
   * @param venues that are configured
   * @param orders how many of them there are, in each venue
   */
  ExtremeValues(SplittableRandom random, List<String> venues, int orders) {
    this.random = random;
    this.venues = venues;
    this.orders = orders;
  }

  /** A value in the wire format. */
  byte[] value(int schemaId, Class<? extends SpecificRecord> type) {
    Schema schema = EventSerdes.schemaOf(type).rawSchema();
    var out = new ByteArrayOutputStream();
    out.writeBytes(ByteBuffer.allocate(5).put((byte) 0).putInt(schemaId).array());
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    try {
      new GenericDatumWriter<Object>(schema).write(of(schema, "", 0), encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // of an array in memory
    }
    return out.toByteArray();
  }

  private Object of(Schema schema, String field, int depth) {
    return switch (schema.getType()) {
      case RECORD -> record(schema, depth);
      case UNION -> {
        List<Schema> branches = schema.getTypes();
        yield of(branches.get(random.nextInt(branches.size())), field, depth);
      }
      case STRING -> text(field);
      case LONG -> number();
      case INT -> (int) number();
      case BOOLEAN -> random.nextBoolean();
      case DOUBLE -> Double.NaN;
      case FLOAT -> Float.NEGATIVE_INFINITY;
      case BYTES -> ByteBuffer.wrap(bytes(random.nextInt(2000)));
      case FIXED -> new GenericData.Fixed(schema, bytes(schema.getFixedSize()));
      case ENUM ->
          new GenericData.EnumSymbol(
              schema, schema.getEnumSymbols().get(random.nextInt(schema.getEnumSymbols().size())));
      case ARRAY -> {
        List<Object> items = new ArrayList<>();
        for (int i = many(); i > 0; i--) {
          items.add(of(schema.getElementType(), field, depth + 1));
        }
        yield items;
      }
      case MAP -> {
        Map<String, Object> items = new LinkedHashMap<>();
        for (int i = many(); i > 0; i--) {
          items.put(i + text("key"), of(schema.getValueType(), field, depth + 1));
        }
        yield items;
      }
      case NULL -> null;
    };
  }

  private GenericData.Record record(Schema schema, int depth) {
    var record = new GenericData.Record(schema);
    for (Schema.Field field : schema.getFields()) {
      record.put(field.pos(), of(field.schema(), field.name(), depth + 1));
    }
    return record;
  }

  private int many() {
    return switch (random.nextInt(20)) {
      case 0 -> 300;
      case 1, 2, 3 -> 1 + random.nextInt(5);
      default -> 0;
    };
  }

  private String text(String field) {
    boolean odd = random.nextInt(12) == 0;
    if (!odd) {
      switch (field) {
        case "venue" -> {
          return venues.get(random.nextInt(venues.size()));
        }
        case "account" -> {
          return ACCOUNT;
        }
        case "orderId" -> {
          return "order-" + random.nextInt(orders);
        }
        case "cancelId", "leaderCancelId" -> {
          return "fuzz-" + random.nextInt(20 * orders);
        }
        default -> {}
      }
    }
    if (random.nextInt(200) == 0) {
      return "long \u2603".repeat(random.nextInt(30_000));
    }
    return TEXTS.get(random.nextInt(TEXTS.size()));
  }

  private long number() {
    return switch (random.nextInt(4)) {
      case 0 -> LONGS[random.nextInt(LONGS.length)];
      case 1 -> System.currentTimeMillis() * 1000 + random.nextLong(-60_000_000L, 60_000_000L);
      case 2 -> random.nextInt(5);
      default -> random.nextLong() >> random.nextInt(64);
    };
  }

  byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
