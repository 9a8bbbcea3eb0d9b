package io.countermand.console.actions;

import io.countermand.console.access.SignedInUser;
import io.countermand.events.ConsoleAction;
import io.countermand.events.ConsoleActionKind;
import io.countermand.events.ConsoleActionState;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.time.Instant;
import java.util.UUID;

/** Has done what somebody asked for, with who, from where and why on record first. Thread-safe. */
public final class RecordedActions {

  private static final int LONGEST = 500;

  private final Actions actions;

  public RecordedActions(Actions actions) {
    this.actions = actions;
  }

  /** What takes effect. */
  public interface Effect {
    /** Whether it is durable. */
    boolean apply() throws InterruptedException;
  }

  /**
   * What is on record.
   *
   * @param id of the action
   * @param subject what it is about
   * @param detail empty: there is no more to say
   */
  public record What(String id, ConsoleActionKind kind, String subject, String detail) {

    public static What of(ConsoleActionKind kind, String subject, String detail) {
      return new What(UUID.randomUUID().toString(), kind, subject, detail);
    }
  }

  /**
   * Returns when it is done.
   *
   * @throws HttpResponseException if nothing was done, or nobody knows whether it was
   */
  public void run(SignedInUser who, What what, String reason, Effect effect)
      throws InterruptedException {
    if (!actions.keep(record(who, what, reason, ConsoleActionState.ASKED))) {
      throw new HttpResponseException(
          503, "The record of who asked could not be written, so nothing was done.");
    }
    boolean done = effect.apply();
    boolean _ =
        actions.keep(
            record(
                who, what, reason, done ? ConsoleActionState.DONE : ConsoleActionState.NOT_KNOWN));
    if (!done) {
      throw new HttpResponseException(
          503, "It could not be written, or nobody knows whether it was; the log says why.");
    }
  }

  private static ConsoleAction record(
      SignedInUser who, What what, String reason, ConsoleActionState state) {
    return new ConsoleAction(
        what.id(),
        what.kind(),
        state,
        who.name(),
        who.address(),
        reason,
        what.subject(),
        what.detail(),
        Instant.now());
  }

  /**
   * A field of a form that must be given.
   *
   * @throws BadRequestResponse if it is not, or is too long
   */
  public static String given(Context request, String name) {
    String value = optional(request, name);
    if (value.isEmpty()) {
      throw new BadRequestResponse("Give a " + name + "; nothing was done.");
    }
    return value;
  }

  /**
   * A field of a form; empty: it is not given.
   *
   * @throws BadRequestResponse if it is too long
   */
  public static String optional(Context request, String name) {
    String value = request.formParam(name);
    String stripped = value == null ? "" : value.strip();
    if (stripped.length() > LONGEST) {
      throw new BadRequestResponse(
          "The " + name + " has more than " + LONGEST + " characters; nothing was done.");
    }
    return stripped;
  }
}
