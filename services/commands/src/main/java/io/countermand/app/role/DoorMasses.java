package io.countermand.app.role;

import io.countermand.app.config.Config;
import io.countermand.app.config.Settings;
import io.countermand.client.ClientException;
import io.countermand.codec.MassCodec;
import io.countermand.codec.SwitchCodec;
import io.countermand.domain.mass.KillSwitch;
import io.countermand.domain.mass.MassCheck;
import io.countermand.door.MassPipeline;
import io.countermand.events.MassCancel;
import io.countermand.events.MassReport;
import io.countermand.events.MassScope;
import io.countermand.kafka.KafkaConnection;
import io.countermand.kafka.client.MassCancels;
import io.countermand.kafka.client.SwitchReader;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The ledger's own rules for a door's mass cancels, and the topics of both. Thread-safe. */
public final class DoorMasses implements MassPipeline, AutoCloseable {

  private final KafkaConnection connection;
  private final MassCheck check;
  private final MassCancels.Publisher publisher;

  /**
   * What a kill switch cancels never changes, and whoever looks reads the whole topic. As many as
   * ever were, as in the ledger.
   */
  private final Map<String, MassScope> found = new ConcurrentHashMap<>();

  private final Lock looking = new ReentrantLock();
  private @Nullable Look last;

  /** By {@link System#nanoTime}. */
  private record Look(long begun, SwitchReader.Found found) {}

  private DoorMasses(KafkaConnection connection, MassCheck check) {
    this.connection = connection;
    this.check = check;
    this.publisher = new MassCancels.Publisher(connection);
  }

  /** Connects in the background. */
  public static DoorMasses of(Config config) {
    return new DoorMasses(
        Settings.connection(config), new MassCheck(config.intents().longestDeadline()));
  }

  @Override
  public @Nullable String problem(MassCancel mass, Instant now) {
    return switch (check.check(MassCodec.fromAvro(mass), now)) {
      case MassCheck.Taken _ -> null;
      case MassCheck.Refused(var _, String text) -> text;
      case MassCheck.Unanswerable(String text) -> text;
    };
  }

  @Override
  public boolean same(MassCancel one, MassCancel again) {
    return MassCodec.fromAvro(one).asksTheSame(MassCodec.fromAvro(again));
  }

  @Override
  public boolean last(MassReport report) {
    return MassCodec.fromAvro(report).last();
  }

  @Override
  public boolean flat(MassReport report) {
    return MassCodec.fromAvro(report).flat();
  }

  @Override
  public void publish(MassCancel mass) throws InterruptedException {
    try {
      publisher.publish(MassCodec.fromAvro(mass));
    } catch (RuntimeException e) {
      Throwable cause =
          e instanceof IllegalStateException && e.getCause() != null ? e.getCause() : e;
      throw ClientException.of(
          "mass cancel " + mass.getMassId() + ": not known to be published", cause);
    }
  }

  @Override
  public Optional<MassScope> killSwitch(String massId) {
    MassScope known = found.get(massId);
    return known == null ? look(massId) : Optional.of(known);
  }

  private Optional<MassScope> look(String massId) {
    read().switches().stream()
        .map(KillSwitch::mass)
        .forEach(mass -> found.put(mass.massId(), MassCodec.toAvro(mass).getScope()));
    return Optional.ofNullable(found.get(massId));
  }

  @Override
  public KillSwitches killSwitches() {
    SwitchReader.Found now = read();
    return new KillSwitches(
        now.switches().stream().map(SwitchCodec::toAvro).toList(), now.unreadable().size());
  }

  /** As it stands now, or as who began to look after this one asked has found it. */
  private SwitchReader.Found read() {
    long asked = System.nanoTime();
    looking.lock();
    try {
      Look known = last;
      if (known == null || known.begun() - asked < 0) {
        long begun = System.nanoTime();
        known = new Look(begun, SwitchReader.read(connection));
        last = known;
      }
      return known.found();
    } catch (IllegalStateException e) {
      throw ClientException.of("reading kill switches", e.getCause() == null ? e : e.getCause());
    } catch (RuntimeException e) {
      throw ClientException.of("reading kill switches", e);
    } finally {
      looking.unlock();
    }
  }

  @Override
  public void close() {
    publisher.close();
  }
}
