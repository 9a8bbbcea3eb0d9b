package io.countermand.platform.process;

import io.countermand.platform.PlatformException;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Where this process' classes are. */
public final class ClassPath {

  private ClassPath() {}

  /** The whole class path, for a child that runs our code. */
  public static String own() {
    // Surefire puts only a jar with a manifest on the real class path, and names the rest here.
    String surefire = System.getProperty("surefire.test.class.path");
    String given = surefire != null ? surefire : System.getProperty("java.class.path");
    // A child has another working directory.
    return Arrays.stream(given.split(Pattern.quote(File.pathSeparator), -1))
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** The directory or jar that a class came from. */
  public static Path of(Class<?> one) {
    CodeSource source = one.getProtectionDomain().getCodeSource();
    if (source == null) {
      throw new PlatformException("Where " + one.getName() + " came from is not known.");
    }
    try {
      return Path.of(source.getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new PlatformException("Not a path: " + source.getLocation(), e);
    }
  }
}
