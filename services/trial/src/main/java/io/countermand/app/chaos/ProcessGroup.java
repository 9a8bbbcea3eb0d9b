package io.countermand.app.chaos;

import io.countermand.app.chaos.SignalFault.Kind;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All processes of a run; starts again those that end by themselves, as an orchestrator does. */
final class ProcessGroup implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ProcessGroup.class);

  private final Map<FaultTarget, ProcessControl> targets = new EnumMap<>(FaultTarget.class);
  private final Map<FaultTarget, ReentrantLock> locks = new EnumMap<>(FaultTarget.class);
  private final Map<String, Integer> counts = new TreeMap<>();
  private final Thread watch;
  private volatile boolean closed;

  ProcessGroup(Map<FaultTarget, ProcessControl> targets) {
    this.targets.putAll(targets);
    targets.keySet().forEach(victim -> locks.put(victim, new ReentrantLock()));
    this.watch = Thread.ofVirtual().name("fleet").unstarted(this::watch);
  }

  void start() {
    targets.forEach((victim, target) -> target.start());
    watch.start();
  }

  /** Kills or pauses; returns when the process runs again. */
  void strike(SignalFault blow) {
    ProcessControl target = target(blow.victim());
    if (blow.kind() == Kind.PAUSE) {
      pause(target, blow);
      return;
    }
    ReentrantLock lock = lock(blow.victim());
    lock.lock(); // the watch must not start it meanwhile
    try {
      if (closed) {
        return;
      }
      target.kill();
      count("killed " + blow.victim().label());
      Thread.sleep(blow.lasts());
      target.start();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /** SIGKILL; nobody starts it again. */
  void fell(FaultTarget victim) {
    lock(victim).lock(); // for good: the watch leaves it alone
    target(victim).kill();
  }

  /** SIGKILL, and started again at once. */
  void bounce(FaultTarget victim) {
    ReentrantLock lock = lock(victim);
    lock.lock();
    try {
      target(victim).kill();
      target(victim).start();
    } finally {
      lock.unlock();
    }
  }

  /** By a shell that lives on if we are killed, so that nobody stays stopped for ever. */
  private void pause(ProcessControl target, SignalFault blow) {
    if (!target.alive()) {
      count("not paused, being dead, " + blow.victim().label());
      return;
    }
    String pid = Long.toString(target.pid());
    String seconds = "%d.%03d".formatted(blow.lasts().toSeconds(), blow.lasts().toMillisPart());
    try {
      int status =
          new ProcessBuilder(
                  "/bin/sh", "-c", "kill -STOP $0 && { sleep $1; kill -CONT $0; }", pid, seconds)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor();
      count((status == 0 ? "paused " : "ended while paused ") + blow.victim().label());
    } catch (IOException e) {
      LOG.atWarn().addKeyValue("victim", blow.victim()).setCause(e).log("not paused");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void watch() {
    try {
      while (!closed) {
        Thread.sleep(200);
        targets.forEach(this::startIfEnded);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void startIfEnded(FaultTarget victim, ProcessControl target) {
    ReentrantLock lock = lock(victim);
    if (!closed && !target.alive() && lock.tryLock()) {
      try {
        if (!closed && !target.alive()) {
          count("ended by itself " + victim.label());
          Thread.sleep(500);
          target.start();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (RuntimeException e) {
        LOG.atWarn().addKeyValue("victim", victim).setCause(e).log("could not be started");
      } finally {
        lock.unlock();
      }
    }
  }

  private synchronized void count(String what) {
    counts.merge(what, 1, Integer::sum);
  }

  /** How often what happened to whom. */
  synchronized Map<String, Integer> counts() {
    return new TreeMap<>(counts);
  }

  private ProcessControl target(FaultTarget victim) {
    return Objects.requireNonNull(targets.get(victim));
  }

  private ReentrantLock lock(FaultTarget victim) {
    return Objects.requireNonNull(locks.get(victim));
  }

  /** Leaves the broker, which the platform closes. */
  @Override
  public void close() {
    closed = true;
    watch.interrupt();
    targets.values().stream().filter(RoleControl.class::isInstance).forEach(ProcessControl::kill);
  }
}
