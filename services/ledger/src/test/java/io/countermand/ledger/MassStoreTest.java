package io.countermand.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.codec.MassCodec;
import io.countermand.domain.CancelResult;
import io.countermand.domain.Reason;
import io.countermand.domain.mass.AccountSeen;
import io.countermand.domain.mass.MassCancel;
import io.countermand.domain.mass.MassPart;
import io.countermand.domain.mass.MassReport;
import io.countermand.domain.mass.MassScope;
import io.countermand.domain.order.Evidence;
import io.countermand.platform.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is reported of mass cancels, also by the next owner of the store. */
class MassStoreTest {

  private static final Instant NOW = Instant.parse("2026-11-29T08:00:00Z");
  private static final Instant DEADLINE = NOW.plus(Duration.ofMinutes(5));
  private static final Instant OVERDUE = DEADLINE.plus(Duration.ofMinutes(1));

  private final KeyValueStore<String, byte[]> store =
      Stores.keyValueStoreBuilder(
              Stores.inMemoryKeyValueStore("masses"), Serdes.String(), Serdes.ByteArray())
          .withLoggingDisabled()
          .build();
  private final List<MassReport> reports = new ArrayList<>();
  private final Set<String> on = new HashSet<>();
  private MassStore books;

  @BeforeEach
  void open() {
    store.init(new MockProcessorContext<>().getStateStoreContext(), store);
    books = books();
    books.take(mass("m"), DEADLINE);
  }

  @Test
  void shouldMendAReportThatWasIncomplete() {
    // Given: a desk was down until all was over
    var _ = books.report(OVERDUE, reports::add);
    assertThat(reports.getLast().state()).isEqualTo(MassReport.State.INCOMPLETE);
    // When
    tell(frozen(false));
    tell(settled());
    var _ = books().report(OVERDUE.plusSeconds(10), reports::add);
    // Then: by a later number, which counts
    assertThat(reports.getLast().flat()).isTrue();
    assertThat(reports.getLast().canceled()).isEqualTo(1);
    assertThat(reports).extracting(MassReport::number).containsExactly(1, 2);
  }

  @Test
  void shouldNotForgetThatAPartitionWasLookedAtInTime() {
    // Given
    tell(frozen(false));
    tell(settled());
    // When: its command is read once more, a day later, or after a crash
    tell(frozen(true));
    var _ = books.report(NOW, reports::add);
    var _ = books().report(NOW, reports::add);
    // Then
    assertThat(reports).allSatisfy(report -> assertThat(report.flat()).isTrue());
  }

  @Test
  void shouldTakeNoReleaseForTheMassCancelOfItsId() {
    // Given: somebody releases a switch under an id that was used, with all else the same
    MassCancel mass = mass("m");
    var release =
        new MassCancel(
            "m", mass.scope(), mass.by(), mass.reason(), null, false, false, NOW, false, "k");
    // Then: he is not told "done" of the other
    assertThat(books.sameAs(mass)).isTrue();
    assertThat(books.sameAs(release)).isFalse();
  }

  @Test
  void shouldSayWhatACallHitForAKillSwitchThatIsOnSinceLong() {
    // Given
    on.add("m");
    tell(frozen(false));
    tell(settled());
    Instant later = OVERDUE.plus(Duration.ofDays(3));
    Instant next = books.report(later, reports::add);
    assertThat(next).isAfter(later);
    // When
    tell(new MassPart.Bulk("c", "v", "a", 1, List.of("v/a/9"), true));
    var _ = books.report(later.plusSeconds(1), reports::add);
    // Then
    assertThat(reports.getLast().beyond()).containsExactly("v/a/9");
    // When it is off
    on.clear();
    var _ = books.report(later.plusSeconds(2), reports::add);
    // Then
    assertThat(books.knows("m")).isFalse();
  }

  private MassStore books() {
    return new MassStore(store, 1, Set.of("v"), on::contains);
  }

  private void tell(MassPart part) {
    assertThat(books.heard("m", part, MassCodec.toAvro("m", part, NOW, "desk"))).isTrue();
  }

  private static MassPart frozen(boolean late) {
    return new MassPart.Frozen(
        0,
        Set.of("v"),
        late ? List.of() : List.of("v/a/1"),
        true,
        List.of(new AccountSeen("v", "a", 1, 0, 0, NOW)),
        List.of(),
        late);
  }

  private static MassPart settled() {
    return new MassPart.Settled(
        "v/a/1",
        "m~1",
        CancelResult.CANCELED,
        Reason.CONFIRMED_BY_VENUE,
        new Evidence(Topics.INTENTS, 0, 1));
  }

  private static MassCancel mass(String id) {
    return new MassCancel(id, MassScope.of("v", "a"), "ops", "drill", DEADLINE, false, false, NOW);
  }
}
