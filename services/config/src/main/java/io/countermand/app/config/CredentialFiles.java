package io.countermand.app.config;

import io.countermand.venues.CredentialSource.Reading;
import io.countermand.venues.Credentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** One venue's credentials, of which those that stand in files are read again. Immutable. */
final class CredentialFiles implements Supplier<Reading> {

  private final Map<String, String> values;
  private final Map<String, Path> files;

  /**
   * @param values all, as they were read at the start
   * @param files where some of them were read
   */
  CredentialFiles(Map<String, String> values, Map<String, Path> files) {
    this.values = Map.copyOf(values);
    this.files = new TreeMap<>(files);
  }

  @Override
  public Reading get() {
    Map<String, String> now = new HashMap<>(values);
    for (Map.Entry<String, Path> each : files.entrySet()) {
      String key = "credential " + each.getKey();
      try {
        Path file = each.getValue();
        if (!Files.isRegularFile(file) || Files.size(file) > SecretSource.LARGEST) {
          return new Reading.Unusable(key + ": no small regular file");
        }
        String secret = Files.readString(file).strip();
        if (!SecretSource.printable(secret)) {
          return new Reading.Unusable(key + ": the file is empty or not printable ASCII");
        }
        now.put(each.getKey(), secret);
      } catch (IOException e) {
        return new Reading.Unusable(
            key + ": the file cannot be read (" + e.getClass().getSimpleName() + ")");
      }
    }
    return new Reading.Found(Credentials.of(now));
  }
}
