package io.countermand.console.actions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countermand.console.access.SignedInUser;
import io.countermand.console.access.UserRole;
import io.countermand.events.ConsoleAction;
import io.countermand.events.ConsoleActionKind;
import io.javalin.http.HttpResponseException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RecordedActionsTest {

  private static final SignedInUser ALICE =
      new SignedInUser("alice", Set.of(UserRole.OPERATOR), "t", "192.0.2.1", "alice");

  private final List<String> done = new ArrayList<>();
  private boolean kept = true;

  private final RecordedActions deeds =
      new RecordedActions(
          (Actions)
              Proxy.newProxyInstance(
                  getClass().getClassLoader(),
                  new Class<?>[] {Actions.class},
                  (_, _, arguments) -> {
                    done.add(((ConsoleAction) arguments[0]).getState().name());
                    return kept;
                  }));

  private void run(boolean works) throws InterruptedException {
    var what = RecordedActions.What.of(ConsoleActionKind.PAUSE_VENUE, "v", "");
    deeds.run(
        ALICE,
        what,
        "why",
        () -> {
          done.add("effect");
          return works;
        });
  }

  @Test
  void shouldRecordWhoAskedBeforeAnythingIsDone() throws InterruptedException {
    run(true);
    assertThat(done).containsExactly("ASKED", "effect", "DONE");
  }

  @Test
  void shouldDoNothingThatCannotBeRecorded() {
    kept = false;
    assertThatThrownBy(() -> run(true))
        .isInstanceOf(HttpResponseException.class)
        .hasMessageContaining("nothing was done");
    assertThat(done).containsExactly("ASKED");
  }

  @Test
  void shouldSayThatNobodyKnows() {
    assertThatThrownBy(() -> run(false)).hasMessageContaining("nobody knows");
    assertThat(done).containsExactly("ASKED", "effect", "NOT_KNOWN");
  }
}
