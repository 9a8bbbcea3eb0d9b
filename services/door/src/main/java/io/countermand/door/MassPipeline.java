package io.countermand.door;

import io.countermand.client.ClientException;
import io.countermand.events.KillSwitch;
import io.countermand.events.MassCancel;
import io.countermand.events.MassReport;
import io.countermand.events.MassScope;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rules of the pipeline for mass cancels, as the ledger has them, and its topics of them: the
 * door stands on the client alone and has neither. Thread-safe.
 */
public interface MassPipeline {

  /** What makes no sense in it, in words; null: nothing. */
  @Nullable String problem(MassCancel mass, Instant now);

  /** Whether it is the same one, asked for again under its id; the deadline counts anew. */
  boolean same(MassCancel one, MassCancel again);

  /** Whether nothing more is to come, unless late. */
  boolean last(MassReport report);

  /** Whether everything in scope is known to be over, and all of the scope was looked at. */
  boolean flat(MassReport report);

  /**
   * Returns when Kafka has it on all in-sync replicas.
   *
   * @throws ClientException if it is not known to be published
   */
  void publish(MassCancel mass) throws InterruptedException;

  /**
   * What a kill switch cancels, whether it is on or off; empty: none of this id was ever on. Reads
   * all of the topic, so it takes some 100 ms.
   *
   * @throws ClientException if they cannot be read
   */
  Optional<MassScope> killSwitch(String massId);

  /**
   * All that ever were on, each as it stands.
   *
   * @param unreadable so many more are there whose newest record cannot be read: they may be on
   */
  record KillSwitches(List<KillSwitch> all, int unreadable) {}

  /**
   * Reads all of the topic, so it takes some 100 ms; who asks meanwhile shares the next reading.
   *
   * @throws ClientException if it cannot be read
   */
  KillSwitches killSwitches();
}
