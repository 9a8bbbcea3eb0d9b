package io.countermand.app.cli;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Which version this is. */
public final class SourceVersion {

  /** As {@code --version} says it. */
  public static final String VERSION = "countermand 0.1.0";

  private SourceVersion() {}

  /**
   * Of the checkout that these classes are in, with {@code -dirty} where its files differ.
   *
   * @return null: it is none, or git cannot be asked
   */
  public static @Nullable String commit() {
    try {
      Path classes =
          Path.of(SourceVersion.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      Path directory = Files.isDirectory(classes) ? classes : classes.getParent();
      if (directory == null) {
        return null;
      }
      Process git =
          new ProcessBuilder("git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*")
              .directory(directory.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      git.getOutputStream().close();
      String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return git.waitFor(10, TimeUnit.SECONDS) && git.exitValue() == 0 && !said.isEmpty()
          ? said
          : null;
    } catch (IOException | URISyntaxException e) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }
}
