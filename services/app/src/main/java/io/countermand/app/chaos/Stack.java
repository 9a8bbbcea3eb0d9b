package io.countermand.app.chaos;

import io.countermand.app.config.Config;
import io.countermand.app.config.Settings;
import io.countermand.audit.history.Rules;
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
record Stack(
    LocalPlatform platform,
    RunConfig config,
    KafkaConnection connection,
    Rules rules,
    Admin admin,
    Fleet fleet)
    implements AutoCloseable {

  /** Broker and registry run when it returns; the roles wait for {@link Fleet#start}. */
  static Stack start(Path directory, int standbys, long seed) throws IOException {
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
      var _ = SchemaAdmin.register(connection.registryUrl(), Settings.catalogue(own));
      var admin = new Admin(port);
      return new Stack(
          platform,
          config,
          connection,
          Settings.auditRules(own),
          admin,
          new Fleet(targets(platform, config, admin)));
    } catch (IOException | RuntimeException e) {
      platform.close();
      throw e;
    }
  }

  private static Map<Victim, Target> targets(LocalPlatform platform, RunConfig config, Admin admin)
      throws IOException {
    Map<Victim, Target> targets = new EnumMap<>(Victim.class);
    targets.put(Victim.BROKER, new BrokerTarget(platform));
    targets.put(Victim.SIMULATOR, role(Victim.SIMULATOR, config, () -> script(admin), "simulate"));
    targets.put(Victim.LEDGER, role(Victim.LEDGER, config, () -> {}, "ledger"));
    for (Victim desk : List.of(Victim.DESK_1, Victim.DESK_2)) {
      targets.put(desk, role(desk, config, () -> {}, "desk"));
    }
    return targets;
  }

  private static RoleTarget role(
      Victim victim, RunConfig config, Runnable started, String... command) throws IOException {
    return role(victim.label(), config, started, command);
  }

  /** One more process, which is not part of the fleet. */
  RoleTarget more(String instance, String... command) throws IOException {
    return role(instance, config, () -> {}, command);
  }

  private static RoleTarget role(
      String instance, RunConfig config, Runnable started, String... command) throws IOException {
    var arguments = new ArrayList<>(List.of(command));
    arguments.add("--config");
    arguments.add(config.write(instance).toString());
    return new RoleTarget(instance, arguments, config.directory(), started);
  }

  private static void script(Admin admin) {
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
