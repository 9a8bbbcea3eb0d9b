package io.countermand.kafka.ownership;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.lease.Lease;
import io.countermand.domain.order.OrderRef;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
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
  void shouldKeepLeasesSmall() {
    // Given: venues whose names are longer than a lease may be
    Set<String> many =
        IntStream.range(0, 2_000).mapToObj(i -> "venue-" + i).collect(Collectors.toSet());
    // When
    Lease read =
        LeaseRecords.read(null, LeaseRecords.headers(new Lease(1, many, 7, 71, T, 3, 12, false)));
    // Then: it covers more than it must, and never less
    assertThat(read).isEqualTo(new Lease(1, Set.of(), 7, 71, T, 3, 12, false));
    String hostile = "1\n7\n71\n0\n3\n12\nheld" + "\nvenue".repeat(100_000);
    assertThat(
            LeaseRecords.read(
                null,
                new RecordHeaders()
                    .add(LeaseRecords.HEADER, hostile.getBytes(StandardCharsets.UTF_8))))
        .isNull();
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

  @Test
  void shouldSayADecisionsPlaceWhateverItsValueIs() {
    for (Lease.Place place :
        List.of(
            new Lease.Place(1, 1, 0, 1, Lease.Place.NOT_TOLD),
            Lease.Place.unleased(1_000_000, "an attempt"),
            new Lease.Place(9, 8, 7, 8, 0).marking("an attempt"),
            new Lease.Place((1L << 55) - 1, 300, 1L << 40, (1L << 40) + 1, 0),
            new Lease.Place(1L << 54, 127, 128, 20_000, 1),
            new Lease.Place(Long.MAX_VALUE, Long.MAX_VALUE, 0, Long.MAX_VALUE, Long.MAX_VALUE))) {
      var headers = new RecordHeaders();
      LeaseRecords.add(headers, place);
      assertThat(LeaseRecords.place(new byte[] {7}, headers)).isEqualTo(place);
      assertThat(LeaseRecords.place(null, headers)).isNull();
    }
    assertThat(LeaseRecords.place(new byte[] {7}, new RecordHeaders())).isNull();
  }

  @Test
  void shouldSayItInFewBytes() {
    // Given: a lease's id as desks draw them
    var headers = new RecordHeaders();
    // When
    LeaseRecords.add(headers, new Lease.Place((1L << 55) - 1, 1_000, 1_000_000, 1_000_001, 0));
    // Then
    assertThat(headers.lastHeader(LeaseRecords.PLACE).value()).hasSize(14);
  }

  @Test
  void shouldSayAMarkersInFewBytes() {
    // Given
    String attempt = "0123456789abcdefABCDEF";
    var leased = new RecordHeaders();
    var unleased = new RecordHeaders();
    // When
    LeaseRecords.add(
        leased, new Lease.Place((1L << 55) - 1, 1_000, 1_000_000, 1_000_001, 0).marking(attempt));
    LeaseRecords.add(unleased, Lease.Place.unleased(1_000_000, attempt));
    // Then
    assertThat(leased.lastHeader(LeaseRecords.PLACE).value()).hasSize(19);
    assertThat(unleased.lastHeader(LeaseRecords.PLACE).value()).hasSize(11);
  }

  @Test
  void shouldReadOnWhereALaterVersionSaysMore() {
    var headers = new RecordHeaders().add(LeaseRecords.PLACE, new byte[] {5, 2, 7, 1, 9, 99});
    assertThat(LeaseRecords.place(new byte[] {7}, headers))
        .isEqualTo(new Lease.Place(5, 2, 7, 8, 9));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "01",
        "010107",
        "0001070109", // a decision of no lease
        "00000701", // under no lease, and no marker
        "0000070100",
        "01000701", // no number
        "01010700", // it had not read what it decided
        "010107ff",
        "01ffffffffffffffffff0701", // too large
        "0101ffffffffffffffff7f02", // beyond any offset
      })
  void shouldMakeNothingOfAPlaceThatCannotBe(String hex) {
    var headers = new RecordHeaders().add(LeaseRecords.PLACE, HexFormat.of().parseHex(hex));
    assertThat(LeaseRecords.place(new byte[] {7}, headers)).isNull();
  }

  @Test
  void shouldKnowAnOrdersVenueByItsKey() {
    assertThat(venue(new OrderRef("cad/en\u00e7a", "a", "1").key())).isEqualTo("cad/en\u00e7a");
    assertThat(venue("v/a/1")).isEqualTo("v");
    assertThat(venue("leases")).isNull();
    assertThat(venue("/a/1")).isNull();
    assertThat(venue("v%2/a/1")).isNull();
    assertThat(venue("v+w/a/1")).isNull();
    assertThat(LeaseRecords.venue(null)).isNull();
  }

  private static @Nullable String venue(String key) {
    return LeaseRecords.venue(key.getBytes(StandardCharsets.UTF_8));
  }
}
