package io.countermand.events.compat;

import io.countermand.events.CancelIntent;
import io.countermand.events.CancelOutcome;
import io.countermand.events.CancelProgress;
import io.countermand.events.CancelRequest;
import io.countermand.events.ConsoleAction;
import io.countermand.events.DeadLetter;
import io.countermand.events.Heartbeat;
import io.countermand.events.KillSwitch;
import io.countermand.events.MassCancel;
import io.countermand.events.MassProgress;
import io.countermand.events.MassReport;
import io.countermand.events.OrderEvent;
import io.countermand.events.OrderState;
import io.countermand.events.OutcomeFinding;
import io.countermand.events.VenuePause;
import io.countermand.events.serde.EventSerdes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaFormatter;
import org.apache.avro.specific.SpecificRecord;

/** The schemas of the topics' values: as they are now, and as every released version had them. */
final class Fixtures {

  static final Path VERSIONS = Path.of("src/test/resources/compat");

  private static final List<Class<? extends SpecificRecord>> VALUES =
      List.of(
          CancelIntent.class,
          OrderEvent.class,
          OrderState.class,
          CancelRequest.class,
          CancelProgress.class,
          CancelOutcome.class,
          OutcomeFinding.class,
          MassCancel.class,
          MassProgress.class,
          MassReport.class,
          KillSwitch.class,
          Heartbeat.class,
          DeadLetter.class,
          VenuePause.class,
          ConsoleAction.class);

  private Fixtures() {}

  static List<Schema> now() {
    return VALUES.stream().map(type -> EventSerdes.schemaOf(type).rawSchema()).toList();
  }

  static Schema now(String name) {
    return now().stream().filter(s -> s.getName().equals(name)).findFirst().orElseThrow();
  }

  static List<Path> versions() {
    try (Stream<Path> dirs = Files.list(VERSIONS)) {
      return dirs.filter(Files::isDirectory).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Schema read(Path version, String name) {
    try {
      return new Schema.Parser().parse(version.resolve(name + ".avsc").toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes the present schemas as a version; an existing one is overwritten. */
  static void write(Path version) throws IOException {
    Files.createDirectories(version);
    for (Schema schema : now()) {
      Files.writeString(
          version.resolve(schema.getName() + ".avsc"),
          SchemaFormatter.format("json/pretty", schema) + "\n");
    }
  }
}
