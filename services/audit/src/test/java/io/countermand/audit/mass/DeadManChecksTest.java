package io.countermand.audit.mass;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.audit.check.DifferenceKind;
import io.countermand.audit.check.Everything;
import io.countermand.audit.check.Findings;
import io.countermand.codec.HeartbeatCodec;
import io.countermand.domain.mass.DeadManSwitch;
import io.countermand.domain.mass.Heartbeat;
import io.countermand.domain.mass.MassCancel;
import io.countermand.domain.mass.MassScope;
import io.countermand.domain.order.Evidence;
import io.countermand.events.DeadManEvent;
import io.countermand.platform.Topics;
import io.countermand.simulation.deadman.DeadManConduct;
import io.countermand.simulation.deadman.DeadManHistory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A partition of heartbeats as it happened, and the same with one thing wrong. The switch has a
 * time-out of ten seconds; while it is armed there are ticks every second.
 */
class DeadManChecksTest {

  private static final Instant START = Instant.parse("2026-11-28T08:00:00Z");
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final MassScope SCOPE = MassScope.of("v", "a");
  private static final int DAY = 86_400;
  private static final int LOST = (int) DeadManChecks.LOST.toSeconds();

  private final Set<Evidence> letters = new HashSet<>();
  private final Set<String> taken = new HashSet<>();
  private final Map<String, List<MassCancel>> asked = new HashMap<>();
  private final Findings findings = new Findings(new Scope());
  private DeadManChecks checks = checks(0);
  private HeartbeatReader reader = new HeartbeatReader(new Scope(), checks);
  private int offset;

  @Test
  void shouldFindNothingInSimulatedHistories() {
    long fires = 0;
    for (long seed = 0; seed < 300; seed++) {
      var found = new Findings(new Scope());
      var one = new DeadManChecks(new Scope(), 0, this::asked, found);
      for (DeadManHistory.Line line : DeadManHistory.topic(seed, DeadManConduct.real())) {
        var at = new MassRecords.At(line.at(), line.appended());
        if (line.word() != null) {
          one.heard(line.word(), at);
        } else {
          one.tick(at);
        }
        var after = new Evidence(Topics.HEARTBEATS, 0, line.at().offset() + 1);
        for (DeadManSwitch fired : line.fired()) {
          asked.put(fired.massId(), List.of(fired.fires(line.appended())));
          one.fired(
              new DeadManChecks.Fired(
                  fired.word().switchId(), fired.at(), fired.massId(), line.appended()),
              new MassRecords.At(after, line.appended()));
        }
      }
      one.finish(Instant.MAX);
      assertThat(found.differences).as("seed " + seed).isEmpty();
      fires += found.counts.getOrDefault(Findings.Count.FIRES, 0L);
    }
    assertThat(fires).isGreaterThan(500);
  }

  @Test
  void shouldFindNothingInOneThatFiresAndIsArmedAgain() {
    DeadManSwitch first = beat(0);
    ticks(1, 10);
    fire(first, 10);
    DeadManSwitch second = beat(11);
    ticks(12, 21);
    fire(second, 21);
    assertThat(found()).isEmpty();
    assertThat(findings.counts).containsEntry(Findings.Count.FIRES, 2L);
  }

  @Test
  void shouldSayThatAFireIsTooYoungAndNotThatThereIsNone() {
    // Given
    Instant soon = START.plusSeconds(10).plus(MassChecks.DUE);
    var found = new Findings(new Everything(soon));
    reader =
        new HeartbeatReader(
            new Everything(soon), new DeadManChecks(new Everything(soon), 0, null, found));
    // When
    DeadManSwitch one = beat(0);
    ticks(1, 10);
    fire(one, 10);
    // Then
    assertThat(found.counts).doesNotContainKey(Findings.Count.FIRES);
    assertThat(found.notes)
        .containsEntry("fires of dead-man's switches that are too young to be judged", 1L);
  }

  @Test
  void shouldTakeItForRightThatItFiresLaterThanTheLogAloneDemands() {
    DeadManSwitch one = beat(0);
    ticks(1, 75); // the ledger read the first of them more than a minute late
    fire(one, 75);
    fire(one, 74); // and lost its state
    assertThat(found()).isEmpty();
  }

  @Test
  void shouldFindOneThatFiresTooSoon() {
    DeadManSwitch one = beat(0);
    ticks(1, 9);
    fire(one, 9);
    assertThat(found()).containsExactly(DifferenceKind.FIRE_NOT_DERIVED);
    assertThat(text()).contains("it was to fire at 2026-11-28T08:00:10Z");
  }

  @Test
  void shouldFindOneThatFiresAlthoughItWasHeard() {
    DeadManSwitch one = beat(0);
    ticks(1, 9);
    beat(9);
    ticks(10, 11);
    fire(one, 11);
    assertThat(found()).containsExactly(DifferenceKind.FIRE_NOT_DERIVED);
    assertThat(text()).contains("its last heartbeat is heartbeats-0@10");
  }

  @Test
  void shouldFindOneThatFiresAlthoughItWasHeardBeforeItsTick() {
    DeadManSwitch one = beat(0);
    ticks(1, 10);
    beat(11);
    ticks(12, 13);
    fire(one, 13);
    assertThat(found()).containsExactly(DifferenceKind.FIRE_NOT_DERIVED);
    assertThat(text()).contains("no tick of 2026-11-28T08:00:13Z leads to it");
  }

  @Test
  void shouldFindOneThatFiresForWhatNobodyHadWatched() {
    DeadManSwitch one = beat(0);
    ticks(1, 4);
    ticks(9, 11);
    fire(one, 11);
    assertThat(found()).containsExactly(DifferenceKind.FIRE_NOT_DERIVED);
    assertThat(text()).contains("it was to fire at 2026-11-28T08:00:19Z");
  }

  @Test
  void shouldFindOneThatFiresThoughItIsOff() {
    DeadManSwitch one = beat(0);
    ticks(1, 3);
    word("s", word("s", Duration.ZERO, SCOPE), 3);
    ticks(4, 10);
    fire(one, 10);
    assertThat(found()).containsExactly(DifferenceKind.FIRE_NOT_DERIVED);
    assertThat(text()).contains("it was not armed by");
  }

  @Test
  void shouldFindAFireOfATickThatIsNotThere() {
    DeadManSwitch one = beat(0);
    ticks(1, 10);
    fire(one, 11);
    assertThat(found()).containsExactly(DifferenceKind.FIRE_NOT_DERIVED);
    assertThat(text()).contains("no tick of 2026-11-28T08:00:11Z leads to it");
  }

  @Test
  void shouldFindThatTheMassCancelIsNotThere() {
    DeadManSwitch one = beat(0);
    ticks(1, 10);
    notice(one, 10);
    assertThat(found()).containsExactly(DifferenceKind.FIRE_NOT_ASKED);
    taken.add(Topics.MASS_CANCELS);
    notice(one, 10);
    assertThat(findings.differences).hasSize(1);
    assertThat(findings.gaps).hasSize(1);
  }

  @Test
  void shouldFindAMassCancelOfAnotherScope() {
    DeadManSwitch one = beat(0);
    ticks(1, 10);
    DeadManSwitch other =
        new DeadManSwitch(
            word("s", TIMEOUT, MassScope.of("v", "b")), one.at(), one.heard(), one.since(), false);
    fire(other, 10);
    assertThat(found()).containsExactly(DifferenceKind.FIRE_NOT_ASKED);
    assertThat(text()).contains("on mass-cancels it is of");
  }

  @Test
  void shouldFindAMassCancelThatNoSwitchHasFired() {
    DeadManSwitch one = beat(0);
    ticks(1, 9);
    MassRecords.At at = place(Topics.MASS_CANCELS, 9);
    checks.asked(one.fires(at(9)), at);
    assertThat(found()).containsExactly(DifferenceKind.FIRE_NOT_DERIVED);
    assertThat(text()).contains("dead-man's switch s, which has not fired");
  }

  @Test
  void shouldNotCallForgedWhatIsPublishedOnceMoreOrWhoseFireRetentionTook() {
    DeadManSwitch one = beat(0);
    checks.asked(one.fires(at(10)), place(Topics.MASS_CANCELS, 5000));
    taken.add(Topics.HEARTBEATS);
    checks.asked(one.fires(at(10)), place(Topics.MASS_CANCELS, 10));
    assertThat(found()).isEmpty();
    assertThat(findings.gaps.values()).containsExactly(2L);
  }

  @Test
  void shouldFindAFireThatIsMissingWhileTheLedgerIsAtWork() {
    beat(0);
    ticks(1, 10);
    checks.finish(at(10 + LOST - 1));
    assertThat(findings.kinds).as("it may have been away").isEmpty();
    checks.finish(at(10 + LOST));
    assertThat(findings.kinds).containsOnlyKeys(DifferenceKind.FIRE_MISSED);
    assertThat(findings.differences.getFirst().evidence())
        .containsExactly(heartbeat(0), heartbeat(10));
  }

  @Test
  void shouldFindAFireThatIsMissingWhileTheTicksGoOn() {
    beat(0);
    ticks(1, 10 + LOST);
    checks.finish(START);
    assertThat(findings.kinds).containsOnlyKeys(DifferenceKind.FIRE_MISSED);
  }

  @Test
  void shouldWaitForAFireAsLongAsATransactionMayBeOpen() {
    beat(0);
    ticks(1, 10 + LOST - 1);
    checks.finish(START);
    assertThat(findings.kinds).isEmpty();
  }

  @Test
  void shouldMissNoFireThatCameOnceTheLedgerCouldReadWhatItLacked() {
    DeadManSwitch one = beat(0);
    ticks(1, 10 + 2 * LOST); // the registry was away
    fire(one, 10 + 2 * LOST);
    assertThat(found()).isEmpty();
    assertThat(findings.counts).containsEntry(Findings.Count.FIRES, 1L);
  }

  @Test
  void shouldMissNoFireOfOneThatCameBackOrThatNobodyWatched() {
    beat(0);
    ticks(1, 10);
    beat(100);
    ticks(101, 105);
    word("s", word("s", Duration.ZERO, SCOPE), 106);
    checks.finish(Instant.MAX);
    beat(200);
    ticks(201, 210);
    ticks(LOST, LOST + 500); // the ledger was away, and its tick of second 210 was too old
    assertThat(findings.kinds).isEmpty();
  }

  @Test
  void shouldSayThatTheBeginningIsNotThere() {
    checks = checks(7);
    reader = new HeartbeatReader(new Scope(), checks);
    DeadManSwitch one = beat(0);
    offset = 7;
    ticks(1, 10);
    fire(one, 10);
    assertThat(found()).isEmpty();
    assertThat(findings.gaps).hasSize(1);
    assertThat(findings.counts).as("not judged").doesNotContainKey(Findings.Count.FIRES);
  }

  @Test
  void shouldPassOverWhatTheLedgerPassedOver() {
    DeadManSwitch one = beat(0);
    ticks(1, 3);
    letters.add(heartbeat(offset));
    beat(4);
    word("s", word("s", Duration.ofMillis(1), SCOPE), 5);
    word("other", word("s", TIMEOUT, SCOPE), 5);
    ticks(5, 10);
    fire(one, 10);
    assertThat(found()).isEmpty();
    assertThat(findings.counts).containsEntry(Findings.Count.FIRES, 1L);
  }

  @Test
  void shouldSayWhatItCannotRead() {
    DeadManSwitch one = beat(0);
    reader.take(null, key("s"), place(Topics.HEARTBEATS, 1));
    ticks(2, 10);
    fire(one, 10);
    assertThat(found()).isEmpty();
    assertThat(findings.gaps).hasSize(1);
    DeadManSwitch two = beat(20);
    reader.take(null, null, place(Topics.HEARTBEATS, 21));
    ticks(21, 30);
    fire(two, 29);
    assertThat(found()).isEmpty();
    assertThat(findings.gaps.values()).containsExactly(2L);
  }

  private Set<DifferenceKind> found() {
    checks.finish(Instant.MAX);
    return findings.kinds.keySet();
  }

  private String text() {
    return findings.differences.getFirst().text();
  }

  private DeadManChecks checks(long first) {
    return new DeadManChecks(new Scope(), first, this::asked, findings);
  }

  private List<MassCancel> asked(String massId) {
    return asked.getOrDefault(massId, List.of());
  }

  /** The switch as it is armed by it. */
  private DeadManSwitch beat(int second) {
    Heartbeat word = word("s", TIMEOUT, SCOPE);
    MassRecords.At at = word("s", word, second);
    return new DeadManSwitch(word, at.at(), at.time(), at.time(), false);
  }

  private MassRecords.At word(String key, Heartbeat word, int second) {
    MassRecords.At at = place(Topics.HEARTBEATS, second);
    reader.take(HeartbeatCodec.toAvro(word), key(key), at);
    return at;
  }

  private static Heartbeat word(String id, Duration timeout, MassScope scope) {
    return new Heartbeat(id, scope, timeout, "test", "drill", false, START);
  }

  /** One each second. */
  private void ticks(int from, int to) {
    for (int second = from; second <= to; second++) {
      reader.take(
          HeartbeatCodec.tick("ledger", at(second)), null, place(Topics.HEARTBEATS, second));
    }
  }

  private void fire(DeadManSwitch one, int second) {
    asked.computeIfAbsent(one.massId(), _ -> new ArrayList<>()).add(one.fires(at(second)));
    notice(one, second);
  }

  private void notice(DeadManSwitch one, int second) {
    reader.take(
        HeartbeatCodec.notice(DeadManEvent.FIRED, one, at(second), "ledger", at(second)),
        key("s"),
        place(Topics.HEARTBEATS, second));
  }

  private static byte[] key(String key) {
    return key.getBytes(StandardCharsets.UTF_8);
  }

  private MassRecords.At place(String topic, int second) {
    return new MassRecords.At(new Evidence(topic, 0, offset++), at(second));
  }

  private static Evidence heartbeat(int offset) {
    return new Evidence(Topics.HEARTBEATS, 0, offset);
  }

  private static Instant at(int second) {
    return START.plusSeconds(second);
  }

  private final class Scope extends Everything {

    Scope() {
      super(at(DAY));
    }

    @Override
    public boolean took(String topic, Instant written) {
      return taken.contains(topic);
    }

    @Override
    public @Nullable String deadLetter(Evidence at) {
      return letters.contains(at) ? "OTHER" : null;
    }
  }
}
