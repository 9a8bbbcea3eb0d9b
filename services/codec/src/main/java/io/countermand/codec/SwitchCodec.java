package io.countermand.codec;

import static io.countermand.codec.Values.micros;

import io.countermand.domain.mass.KillSwitch;
import io.countermand.events.KillRelease;
import io.countermand.events.serde.Trust;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** Kill switches between domain and Avro. */
public final class SwitchCodec {

  static {
    Trust.ourRecords();
  }

  private SwitchCodec() {}

  /** For a store. */
  public static byte[] bytes(KillSwitch one) {
    try {
      ByteBuffer buffer = toAvro(one).toByteBuffer();
      byte[] bytes = new byte[buffer.remaining()];
      buffer.get(bytes);
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException("state could not be written", e);
    }
  }

  /** From a store. */
  public static KillSwitch killSwitch(ByteBuffer bytes) {
    try {
      return fromAvro(io.countermand.events.KillSwitch.fromByteBuffer(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException("state could not be read", e);
    }
  }

  public static io.countermand.events.KillSwitch toAvro(KillSwitch one) {
    KillSwitch.Release released = one.released();
    return new io.countermand.events.KillSwitch(
        MassCodec.toAvro(one.mass()),
        micros(one.since()),
        released == null
            ? null
            : new KillRelease(
                released.releaseId(), released.by(), released.reason(), micros(released.at())));
  }

  public static KillSwitch fromAvro(io.countermand.events.KillSwitch one) {
    KillRelease released = one.getReleased();
    return new KillSwitch(
        MassCodec.fromAvro(one.getMass()),
        one.getSince(),
        released == null
            ? null
            : new KillSwitch.Release(
                released.getReleaseId(), released.getBy(), released.getReason(), released.getAt()));
  }
}
