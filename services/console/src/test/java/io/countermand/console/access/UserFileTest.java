package io.countermand.console.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UserFileTest {

  private static final String PASSWORD = "canary of forty-two";
  private static final int MOST_TIMED = 100;

  @TempDir private Path directory;

  private UserFile read(String... lines) throws IOException {
    return UserFile.read(Files.write(directory.resolve("users"), List.of(lines)));
  }

  @Test
  void shouldHoldHashesAndNoPasswords() throws IOException {
    // When
    String line = UserFile.line("alice", "operator,killer", PASSWORD, 10);
    ConsoleUser alice = read("# who", "", line).find("alice").orElseThrow();
    // Then
    assertThat(line).doesNotContain("canary");
    assertThat(alice.roles()).isEqualTo(Set.of(UserRole.OPERATOR, UserRole.KILLER));
    assertThat(Passwords.fits(PASSWORD, alice.hash())).isTrue();
    assertThat(Passwords.fits(PASSWORD + "x", alice.hash())).isFalse();
    assertThat(Passwords.fits("", alice.hash())).isFalse();
    assertThat(alice.toString()).doesNotContain("$");
  }

  /** Bcrypt itself would not look at what is behind its 72 bytes. */
  @Test
  void shouldFitTheWholePasswordOrNothing() {
    // Given
    String longest = "ä".repeat(36);
    String hash = Passwords.hash(longest, 10);
    // When, then
    assertThat(Passwords.fits(longest, hash)).isTrue();
    assertThat(Passwords.fits(longest + "x", hash)).isFalse();
    assertThatThrownBy(() -> Passwords.hash(longest + "x", 10))
        .hasMessageContaining("more than 72 bytes")
        .hasMessageNotContaining("ä");
    assertThatThrownBy(() -> Passwords.hash("too short", 10))
        .hasMessageContaining("less than 12 characters")
        .hasMessageNotContaining("too short");
  }

  @Test
  void shouldTakeAsLongForANameThatNobodyHas() throws IOException {
    // Given
    UserFile users = read(UserFile.line("alice", "viewer", PASSWORD, 10));
    String known = users.find("alice").orElseThrow().hash();
    String decoy = users.decoy();
    // When: often, where a machine that does other things, too, lets few of them run undisturbed
    long its = time(known);
    long others = time(decoy);
    for (int i = 1; i < 5 || (i < MOST_TIMED && !alike(its, others)); i++) {
      its = Math.min(its, time(known));
      others = Math.min(others, time(decoy));
    }
    // Then: the cost decides, and it is the same
    assertThat(Passwords.cost(decoy)).isEqualTo(Passwords.cost(known));
    assertThat(alike(its, others)).as("%d ns and %d ns", its, others).isTrue();
  }

  private static boolean alike(long its, long others) {
    return others <= 2 * its && its <= 2 * others;
  }

  /** Of this thread alone: what else the machine does is no matter. */
  private static long time(String hash) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long begin = threads.getCurrentThreadCpuTime();
    assertThat(Passwords.fits("some other password", hash)).isFalse();
    return threads.getCurrentThreadCpuTime() - begin;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "bob viewer secret-in-the-wrong-place | no hash by bcrypt",
        "bob viewer $2a$04$CountermandNobodyHasxeOPzL6Xs8oBvY4oxTSWxhQeqzJvpCQ5K | no hash",
        "bob viewer $2a$11$CountermandNobodyHasxeOPzL6Xs8oBvY4oxTSWxhQeqzJvpCQ5K | has cost 11",
        "bob owner $2a$10$CountermandNobodyHasxeOPzL6Xs8oBvY4oxTSWxhQeqzJvpCQ5K | a role is one of",
        "alice viewer $2a$10$CountermandNobodyHasxeOPzL6Xs8oBvY4oxTSWxhQeqzJvpCQ5K | already",
        "bo/b viewer $2a$10$CountermandNobodyHasxeOPzL6Xs8oBvY4oxTSWxhQeqzJvpCQ5K | a name is",
        "bob secret-in-the-wrong-place $2a$10$CountermandNobodyHasxeOPzL6Xs8oBvY4oxTSWxhQeqzJvpCQ5K |"
            + " a role is",
        "bob viewer | a line is",
      })
  void shouldSayWhatIsWrongAndWhere(String line, String says) throws IOException {
    String first = UserFile.line("alice", "viewer", PASSWORD, 10);
    assertThatThrownBy(() -> read(first, line))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("line 2: ")
        .hasMessageContaining(says)
        .hasMessageNotContaining("secret");
  }

  @Test
  void shouldNotOpenForNobody() {
    assertThatThrownBy(() -> read("# nobody")).hasMessageContaining("no user is in it");
    assertThatThrownBy(() -> UserFile.read(directory.resolve("none")))
        .hasMessageContaining("console user-add");
  }
}
