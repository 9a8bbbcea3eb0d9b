package io.countermand.platform;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Apicurio's settings: on disk, on the loopback interface only, talking to nobody. */
final class RegistryConfig {

  private RegistryConfig() {}

  /**
   * @param lock null: it asks nobody who he is
   */
  static Map<String, String> of(Path data, int port, @Nullable RegistryLock lock) {
    Map<String, String> p = new TreeMap<>();
    p.put("quarkus.http.host", "127.0.0.1");
    if (lock == null) {
      p.put("quarkus.http.port", String.valueOf(port));
    } else {
      p.putAll(lock.settings(port));
    }
    // Health and metrics on a port of their own would ask nobody who he is.
    p.put("quarkus.management.host-enabled", "false");
    p.put("quarkus.http.access-log.enabled", "false");
    p.put("quarkus.banner.enabled", "false");
    p.put("quarkus.otel.sdk.disabled", "true");
    p.put("apicurio.storage.kind", "sql");
    p.put("apicurio.storage.sql.kind", "h2");
    // WRITE_DELAY=0: an id that was given out is on disk, also after a SIGKILL.
    p.put(
        "apicurio.datasource.url",
        "jdbc:h2:file:" + data.resolve("registry") + ";DB_CLOSE_ON_EXIT=FALSE;WRITE_DELAY=0");
    p.put("apicurio.datasource.jdbc.initial-size", "2");
    p.put("apicurio.datasource.jdbc.min-size", "2");
    p.put("apicurio.datasource.jdbc.max-size", "10");
    p.put("apicurio.storage.snapshot.location", data.resolve("tmp").toString());
    p.put("apicurio.import.work-dir", data.resolve("tmp").toString());
    return p;
  }
}
