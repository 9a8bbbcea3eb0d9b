package io.countermand.app.local;

import static java.util.Objects.requireNonNull;

import io.countermand.app.config.Config;
import io.countermand.app.rights.Role;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of each role of a local stack: one for all, or of a locked one each its own.
 */
record RoleConfigs(Map<Role, Path> files, Map<Role, Config> configs) {

  /**
   * Writes and reads them.
   *
   * @param lock null: of an open stack
   */
  static RoleConfigs write(
      LocalConfig writer, @Nullable StackLock lock, Map<String, String> overrides)
      throws IOException {
    Map<Role, Path> files = new EnumMap<>(Role.class);
    Map<Role, Config> configs = new EnumMap<>(Role.class);
    if (lock == null) {
      Path file = writer.write("countermand.yaml", null);
      Config config = Config.load(Optional.of(file), overrides);
      for (Role role : Role.values()) {
        files.put(role, file);
        configs.put(role, config);
      }
      return new RoleConfigs(files, configs);
    }
    for (Role role : Role.values()) {
      LocalConfig.Lock own = lock.of(role);
      Path file = writer.write(role.label() + ".yaml", own);
      files.put(role, file);
      configs.put(role, Config.load(Optional.of(file), overrides, Map.of(), _ -> own.calls()));
    }
    return new RoleConfigs(files, configs);
  }

  Config of(Role role) {
    return requireNonNull(configs.get(role));
  }

  Path file(Role role) {
    return requireNonNull(files.get(role));
  }
}
