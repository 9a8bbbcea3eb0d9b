package io.countermand.app.chaos;

import io.countermand.app.audit.AuditSettings;
import io.countermand.app.config.Config;
import io.countermand.app.config.Settings;
import io.countermand.audit.source.AuditRules;
import io.countermand.kafka.KafkaConnection;
import io.countermand.platform.LocalPlatform;
import io.countermand.platform.SchemaAdmin;
import io.countermand.platform.TopicAdmin;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The whole pipeline, a process each. */
record PipelineProcesses(
    LocalPlatform platform,
    RunConfig config,
    KafkaConnection connection,
    AuditRules rules,
    SimulatorAdmin admin,
    ProcessGroup fleet)
    implements AutoCloseable {

  /** Broker and registry run when it returns; the roles wait for {@link ProcessGroup#start}. */
  static PipelineProcesses start(Path directory, int standbys, long seed) throws IOException {
    LocalPlatform platform = LocalPlatform.start(new LocalPlatform.Options(directory, 0, 0));
    try {
      int port = LocalPlatform.freePort();
      var config =
          new RunConfig(
              directory, platform.bootstrapServers(), platform.registryUrl(), port, standbys, seed);
      Config own =
          Config.load(Optional.of(config.write("chaos")), Map.of(), Map.of(), venue -> false);
      KafkaConnection connection = Settings.connection(own);
      try (var admin = org.apache.kafka.clients.admin.Admin.create(connection.admin("topics"))) {
        var _ = TopicAdmin.apply(admin, Settings.catalogue(own));
      }
      var _ =
          SchemaAdmin.register(
              connection.registryUrl(), connection.registry(), Settings.catalogue(own));
      var admin = new SimulatorAdmin(port);
      return new PipelineProcesses(
          platform,
          config,
          connection,
          AuditSettings.rules(own),
          admin,
          new ProcessGroup(targets(platform, config, admin)));
    } catch (IOException | RuntimeException e) {
      platform.close();
      throw e;
    }
  }

  private static Map<FaultTarget, ProcessControl> targets(
      LocalPlatform platform, RunConfig config, SimulatorAdmin admin) throws IOException {
    Map<FaultTarget, ProcessControl> targets = new EnumMap<>(FaultTarget.class);
    targets.put(FaultTarget.BROKER, new BrokerControl(platform));
    targets.put(
        FaultTarget.SIMULATOR,
        role(FaultTarget.SIMULATOR, config, () -> script(admin), "simulate"));
    targets.put(FaultTarget.LEDGER, role(FaultTarget.LEDGER, config, () -> {}, "ledger"));
    for (FaultTarget desk : List.of(FaultTarget.DESK_1, FaultTarget.DESK_2)) {
      targets.put(desk, role(desk, config, () -> {}, "desk"));
    }
    return targets;
  }

  private static RoleControl role(
      FaultTarget victim, RunConfig config, Runnable started, String... command)
      throws IOException {
    return role(victim.label(), config, started, command);
  }

  /** One more process, which is not part of the fleet. */
  RoleControl more(String instance, String... command) throws IOException {
    return role(instance, config, () -> {}, command);
  }

  private static RoleControl role(
      String instance, RunConfig config, Runnable started, String... command) throws IOException {
    var arguments = new ArrayList<>(List.of(command));
    arguments.add("--config");
    arguments.add(config.write(instance).toString());
    return new RoleControl(instance, arguments, config.directory(), started);
  }

  private static void script(SimulatorAdmin admin) {
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                admin.script();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  @Override
  public void close() {
    fleet.close();
    admin.close();
    platform.close();
  }
}
