package io.countermand.app.pipeline;

import io.countermand.app.config.Config;
import io.countermand.app.local.LocalStack;
import io.countermand.simulator.Simulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Roles and simulator in this JVM, broker and registry as child processes of it. */
public record InVmStack(LocalStack local) implements PipelineStack {

  public static InVmStack start(LocalStack.Options options) throws IOException {
    return new InVmStack(LocalStack.start(options, line -> {}));
  }

  @Override
  public Config config() {
    return local.config();
  }

  @Override
  public Path configFile() {
    return local.configFile();
  }

  @Override
  public Simulator simulator() {
    return local.simulator();
  }

  @Override
  public void stop(String role) {
    local.roles().stop(role);
  }

  @Override
  public void start(String role) {
    local.roles().start(role);
  }

  @Override
  public void awaitReady() {
    local.roles().awaitReady();
  }

  @Override
  public List<Integer> opsPorts() {
    return List.of(local.opsPort());
  }

  @Override
  public void pauseBroker() throws IOException {
    signal("STOP");
  }

  @Override
  public void resumeBroker() throws IOException {
    signal("CONT");
  }

  private void signal(String name) throws IOException {
    String pid = Long.toString(local.platform().brokerPid());
    try {
      if (new ProcessBuilder("kill", "-" + name, pid).start().waitFor() != 0) {
        throw new IOException("the broker, process " + pid + ", took no " + name);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public List<String> log() throws IOException {
    return Files.readAllLines(Path.of(System.getProperty("countermand.log")));
  }

  @Override
  public void close() {
    local.close();
  }
}
