package io.countermand.app.trial;

import io.countermand.app.audit.AuditSettings;
import io.countermand.app.cli.Shutdown;
import io.countermand.app.cli.Terminal;
import io.countermand.app.config.Config;
import io.countermand.app.config.Settings;
import io.countermand.audit.Audit;
import io.countermand.audit.SyntheticHistory;
import io.countermand.kafka.KafkaConnection;
import io.countermand.platform.Catalogue;
import io.countermand.platform.LocalPlatform;
import io.countermand.platform.SchemaAdmin;
import io.countermand.platform.TopicAdmin;
import io.countermand.platform.TopicSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code audit-bench}: how fast an audit is, on a broker and a history of its own. */
@Command(
    name = "audit-bench",
    hidden = true,
    mixinStandardHelpOptions = true,
    description =
        "Writes a synthetic history into a fresh local broker and audits it, next to the floor of"
            + " reading and decoding the same records.")
public final class AuditBenchCommand implements Callable<Integer> {

  private static final String VENUE = "crosstrade";

  @Option(
      names = "--cancels",
      paramLabel = "N",
      defaultValue = "20000",
      description = "Six records each, about. Default: ${DEFAULT-VALUE}.")
  private int cancels;

  @Option(
      names = "--memory",
      paramLabel = "MIB",
      defaultValue = "600",
      description = "As for audit. Default: ${DEFAULT-VALUE}.")
  private int memory;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "data/audit-bench",
      description = "Where it runs; emptied first. Default: ${DEFAULT-VALUE}.")
  private Path data = Path.of("data/audit-bench");

  @Option(names = "--out", paramLabel = "DIR", description = "Write the report, too.")
  private @Nullable Path out;

  @Override
  public Integer call() throws IOException {
    var terminal = new Terminal(System.err);
    Path directory = DemoData.fresh(data.toAbsolutePath().normalize());
    try (var parts = new Shutdown()) {
      LocalPlatform platform =
          parts.add(LocalPlatform.start(new LocalPlatform.Options(directory, 0, 0)));
      Config config =
          Config.load(
              Optional.empty(),
              Map.of(
                  "COUNTERMAND_KAFKA_BOOTSTRAP_SERVERS", platform.bootstrapServers(),
                  "COUNTERMAND_REGISTRY_URL", platform.registryUrl(),
                  "COUNTERMAND_VENUES_CROSSTRADE_ADAPTER", "crosstrade"),
              Map.of(),
              venue -> false);
      KafkaConnection connection = Settings.connection(config);
      Catalogue catalogue = catalogue();
      try (Admin admin = Admin.create(connection.admin("bench"))) {
        var _ = TopicAdmin.apply(admin, catalogue);
      }
      var _ = SchemaAdmin.register(connection.registryUrl(), connection.registry(), catalogue);
      long records =
          SyntheticHistory.write(
              connection,
              AuditSettings.rules(config),
              VENUE,
              cancels,
              (done, all) ->
                  terminal.progress(
                      String.format(Locale.ROOT, "%,d of %,d cancels written", done, all)));
      System.out.printf(Locale.ROOT, "%,d cancels, %,d records written%n", cancels, records);
      return Audit.run(
          connection,
          AuditSettings.rules(config),
          new Audit.Options(
              null,
              null,
              Duration.ofMinutes(30),
              new Audit.Only(null, null),
              out,
              2,
              memory,
              true,
              (done, all) ->
                  terminal.progress(String.format(Locale.ROOT, "%,d of %,d read", done, all))),
          System.out::println);
    }
  }

  /** As the real one, but the intents keep the timestamps that they are given. */
  private static Catalogue catalogue() {
    List<TopicSpec> topics =
        Catalogue.of(12, (short) 1).topics().stream().map(AuditBenchCommand::stamped).toList();
    return new Catalogue(topics);
  }

  private static TopicSpec stamped(TopicSpec spec) {
    Map<String, String> config = new HashMap<>(spec.config());
    config.computeIfPresent(
        TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, (key, value) -> "CreateTime");
    return new TopicSpec(
        spec.name(), spec.partitions(), spec.replication(), config, spec.valueType());
  }
}
