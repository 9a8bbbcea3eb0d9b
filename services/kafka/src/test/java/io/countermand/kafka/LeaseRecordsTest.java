package io.countermand.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.lease.Lease;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeaseRecordsTest {

  private static final Instant T = Instant.parse("2026-03-03T12:00:00.123456Z");

  @Test
  void shouldSayWhatWasWritten() {
    for (Lease lease :
        List.of(
            new Lease(1L << 54, Set.of("a", "b c"), 7, 71, T, 3, 12, false),
            new Lease(1, Set.of(), 0, 1, Instant.EPOCH, 0, 0, true))) {
      assertThat(LeaseRecords.read(null, LeaseRecords.headers(lease))).isEqualTo(lease);
    }
  }

  @Test
  void shouldTakeNoRecordWithAValueForALease() {
    var headers = LeaseRecords.headers(new Lease(1, Set.of(), 0, 1, Instant.EPOCH, 0, 0, false));
    assertThat(LeaseRecords.read(new byte[] {0}, headers)).isNull();
    assertThat(LeaseRecords.read(null, new RecordHeaders())).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1\n0\n1",
        "x\n0\n1\n0\n0\n0\nheld",
        "1\n0\n1\n0\n0\n0\nperhaps",
        "1\n0\n1\n99999999999999999999\n0\n0\nheld",
        "-1\n0\n1\n0\n0\n0\nheld",
        "0\n0\n1\n0\n0\n0\nheld",
        "1\n-1\n1\n0\n0\n0\nheld",
        "1\n2\n1\n0\n0\n2\nheld",
        "1\n2\n3\n0\n0\n1\nheld",
        "1\n0\n1\n0\n-1\n0\nheld",
        "1\n0\n1\n0\n9223372036854775807\n0\nheld",
        "1\n0\n1\n0\n0\n9223372036854775807\nheld",
      })
  void shouldMakeNothingOfWhatIsNone(String text) {
    var headers =
        new RecordHeaders().add(LeaseRecords.HEADER, text.getBytes(StandardCharsets.UTF_8));
    assertThat(LeaseRecords.read(null, headers)).isNull();
  }
}
