package io.countermand.venues.limits;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Whether a venue may be called now, and if not, from when on. Adapters ask before each call of any
 * kind (logins and feeds too) and tell what they were told; desks ask before they take records. A
 * pause only ever grows: a shorter one never ends a longer one. But an operator's word replaces
 * what was known, and the last one holds. Thread-safe.
 */
public final class VenueGovernor {

  private static final Logger log = LoggerFactory.getLogger(VenueGovernor.class);

  private final String name;
  private final Clock clock;
  private volatile @Nullable String credential;
  private final AtomicReference<@Nullable Pause> pause = new AtomicReference<>();
  private final List<Consumer<Pause>> listeners = new CopyOnWriteArrayList<>();

  /**
   * @param credential fingerprint; null: unknown
   */
  public VenueGovernor(String name, Clock clock, @Nullable String credential) {
    this.name = name;
    this.clock = clock;
    this.credential = credential;
  }

  public VenueGovernor(String name, Clock clock) {
    this(name, clock, null);
  }

  public String name() {
    return name;
  }

  /** Empty: may be called now. */
  public Optional<Pause> paused() {
    Pause current = pause.get();
    return current != null && clock.instant().isBefore(current.until())
        ? Optional.of(current)
        : Optional.empty();
  }

  /** The earliest time for the next call: now, or the end of the pause. */
  public Instant callableAt() {
    return paused().map(Pause::until).orElseGet(clock::instant);
  }

  /** The venue refused this credential: a pause that another credential does not take over. */
  public void refused(Instant until, String text) {
    pause(new Pause(until, Pause.Cause.UNAUTHORIZED, text, credential));
  }

  /**
   * Forbids calls until then; listeners hear of it if it is later than what was known. A pause that
   * is about another credential, such as one of before the password was changed, is none here.
   */
  public void pause(Pause wanted) {
    String own = credential;
    if (own != null && wanted.credential() != null && !own.equals(wanted.credential())) {
      return;
    }
    Pause before =
        pause.getAndUpdate(
            current ->
                current == null || current.until().isBefore(wanted.until()) ? wanted : current);
    if (before == null || before.until().isBefore(wanted.until())) {
      tell(wanted);
      listeners.forEach(listener -> listener.accept(wanted));
    }
  }

  /** Loudly where time alone will not mend it. */
  private void tell(Pause begun) {
    Level level =
        switch (begun.cause()) {
          case LOCKED_OUT, UNAUTHORIZED -> Level.ERROR;
          case RATE_LIMITED, OPERATOR -> Level.WARN;
        };
    log.atLevel(level)
        .setMessage("venue paused")
        .addKeyValue("venue", name)
        .addKeyValue("cause", begun.cause())
        .addKeyValue("until", begun.until())
        .addKeyValue("reason", begun.text())
        .log();
  }

  /** An operator's word, in the place of what was known; nobody is told, it came from there. */
  public void order(Pause word) {
    pause.set(word);
    tell(word);
  }

  /** A person's word that the reason is mended. */
  public void resume() {
    if (pause.getAndSet(null) != null) {
      log.atWarn().addKeyValue("venue", name).log("venue resumed by an operator");
    }
  }

  /** Another credential is in force: a refusal of the one before says nothing of it. */
  public void replaced(Fingerprinted by) {
    String before = credential;
    if (before != null) {
      credential = before.substring(0, before.lastIndexOf(':') + 1) + by.fingerprint();
    }
    pause.getAndUpdate(
        current -> current != null && current.cause() == Pause.Cause.UNAUTHORIZED ? null : current);
  }

  /** Fingerprint of the credential that this is about; null: unknown. */
  public @Nullable String credential() {
    return credential;
  }

  /** Called in the thread that pauses, for every new or longer pause; must not block. */
  public void onPause(Consumer<Pause> listener) {
    listeners.add(listener);
  }
}
