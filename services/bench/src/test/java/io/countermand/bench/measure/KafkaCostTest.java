package io.countermand.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import io.countermand.bench.load.Variant;
import io.countermand.bench.measure.LogVolume.Read;
import io.countermand.bench.report.BenchReport;
import io.countermand.bench.report.FiguresTest;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class KafkaCostTest {

  @Test
  void shouldTellRecordsApartByWhatTheyAreFor() {
    // Given two cancels, a transaction that ended in three partitions, and a lease
    Map<String, Long> grown =
        Map.of(
            "cancel-intents", 2L,
            "cancel-progress", 6L,
            "cancel-outcomes", 3L,
            "countermand-ledger-live-changelog", 5L,
            "dead-letters", 0L,
            "__consumer_offsets", 4L,
            "__transaction_state", 7L,
            "__share_group_state", 1L);
    Map<String, Read> read =
        Map.of(
            "cancel-intents", new Read(1, 1), // a key is missing: an intent all the same
            "cancel-progress", new Read(4, 1),
            "cancel-outcomes", new Read(2, 0),
            "countermand-ledger-live-changelog", new Read(4, 0));
    // When
    LogVolume written = LogVolume.of(grown, read, 2);
    // Then
    assertThat(written)
        .isEqualTo(
            new LogVolume(
                4,
                2,
                0.5,
                1.5,
                2,
                3.5,
                0.5,
                new TreeMap<>(
                    Map.of(
                        "cancel-intents", 1.0,
                        "cancel-progress", 3.0,
                        "cancel-outcomes", 1.5,
                        "countermand-ledger-live-changelog", 2.5,
                        "__consumer_offsets", 2.0,
                        "__transaction_state", 3.5,
                        "__share_group_state", 0.5))));
    assertThat(written.recordsPerCancel()).isEqualTo(6);
  }

  @Test
  void shouldCountTheRequestsOfALoadOnly() {
    // When
    var since =
        BrokerRequests.since(
            Map.of("Produce", 10L, "Fetch", 5L, "Metadata", 3L),
            Map.of("Produce", 30L, "Fetch", 15L, "Metadata", 3L, "EndTxn", 2L));
    // Then
    assertThat(since)
        .containsExactly(entry("EndTxn", 2L), entry("Fetch", 10L), entry("Produce", 20L));
  }

  @Test
  void shouldReportPerCancel() throws Exception {
    // Given
    var written =
        new LogVolume(6, 2, 0.25, 1, 1, 1, 0, new TreeMap<>(Map.of("cancel-intents", 1.0)));
    KafkaCost cost = KafkaCost.of(written, Map.of("Produce", 20L, "Fetch", 10L), 8, 4);
    // When
    String json =
        BenchReport.json(List.of(FiguresTest.measured(1, Variant.FLOOR, "300", 10, cost)));
    // Then
    assertThat(cost.requestsPerCancel()).isCloseTo(7.5, within(1e-9));
    assertThat(json)
        .contains(
            "\"recordsPerCancel\" : 8.0",
            "\"requestsPerCancel\" : 7.5",
            "\"harnessRequestsPerCancel\" : 2.0",
            "\"Produce\" : 5.0",
            "\"leases\" : 0.25",
            "\"control\" : 1.0");
  }
}
