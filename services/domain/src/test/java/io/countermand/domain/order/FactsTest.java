package io.countermand.domain.order;

import static io.countermand.domain.Cancels.T0;
import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.Cancels;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FactsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1E9999999", // cases A2, A2b: ten million characters, and far too many, written out
        "1E999999999",
        "1E-999999999",
        "0E999999999",
        "0E-999999999",
        "1E41",
        "1E40",
        "1E-41",
        "12345678901234567890123456789012345678901",
        "1E2147483648",
        "NaN",
        "",
        "  ",
        "a"
      })
  void shouldNotKnowADecimalOutOfBounds(String text) {
    assertThat(Facts.decimal(text)).isNull();
  }

  @Test
  void shouldNotLookAtANumberThatIsATale() {
    assertThat(Facts.decimal("1".repeat(10_000_000))).isNull();
    assertThat(Facts.decimal(" ".repeat(10_000_000))).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "0.25",
        " 7 ",
        "-1.5",
        "1E39",
        "1E-40",
        "1234567890123456789012345678901234567890",
        "0.0000000000000000000000000000000000000001"
      })
  void shouldReadAgainWhatItWritesOut(String text) {
    // When
    BigDecimal read = Facts.decimal(text);
    String plain = Facts.plain(read);

    // Then
    assertThat(plain).isNotNull().hasSizeLessThan(64);
    assertThat(Facts.decimal(plain)).isEqualByComparingTo(read);
  }

  @Test
  void shouldNotWriteOutWhatAnAdapterCalculated() {
    assertThat(Facts.plain(new BigDecimal("1E999999999"))).isNull();
    assertThat(Facts.quantity(new BigDecimal("-1"))).isNull();
    assertThat(Facts.quantity(BigDecimal.TEN)).isEqualTo(BigDecimal.TEN);
  }

  @Test
  void shouldKeepAnEventWhoseQuantitiesItDoesNotKnow() {
    // When
    OrderEvent known = known(event(new BigDecimal("1E999999999"), T0, T0, 4L, "Filled"));

    // Then
    assertThat(known.cumQty()).isNull();
    assertThat(known.orderQty()).isEqualTo(BigDecimal.ONE);
    assertThat(known.ordStatus()).isEqualTo(OrdStatus.FILLED);
    assertThat(known.rawStatus()).isEqualTo("Filled");
    assertThat(known.sequence()).isEqualTo(4);
  }

  @Test
  void shouldNotBelieveTimesThatCannotBe() {
    // Given
    Instant inMillis = Instant.EPOCH.plusNanos(T0.toEpochMilli() * 1000);
    Instant inNanos = Instant.EPOCH.plus(Duration.ofMillis(T0.toEpochMilli()).multipliedBy(1000));

    // Then
    for (Instant hostile :
        new Instant[] {
          inMillis,
          inNanos,
          Instant.EPOCH,
          Instant.parse("1999-12-31T23:59:59Z"),
          T0.plus(Duration.ofDays(1)).plusMillis(1),
          Instant.MAX,
          Instant.MIN
        }) {
      OrderEvent known = known(event(null, hostile, hostile, 1L, null));
      assertThat(known.venueTime()).as("%s", hostile).isNull();
      assertThat(known.observedAt()).as("%s", hostile).isEqualTo(T0);
    }
    OrderEvent plausible = known(event(null, T0.minusSeconds(9), T0.minusSeconds(1), 1L, null));
    assertThat(plausible.venueTime()).isEqualTo(T0.minusSeconds(9));
    assertThat(plausible.observedAt()).isEqualTo(T0.minusSeconds(1));
  }

  @Test
  void shouldHaveATimeAlsoWhereTheRecordHasNone() {
    // When
    var told = Facts.of(event(null, null, Instant.MAX, 1L, null), Instant.ofEpochMilli(-1));

    // Then
    assertThat(((Facts.Known) told).event().observedAt().toString()).startsWith("2000");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE})
  void shouldNotOrderBySequencesThatCannotBe(long sequence) {
    assertThat(known(event(null, T0, T0, sequence, null)).sequence()).isNull();
  }

  @Test
  void shouldCutWhatNobodyNeedsWhole() {
    // When
    OrderEvent known = known(event(null, T0, T0, 1L, "ä".repeat(1_500_000)));

    // Then
    assertThat(known.rawStatus()).isEqualTo("ä".repeat(128) + "…");
    assertThat(Facts.cut("😀".repeat(65))).isEqualTo("😀".repeat(64) + "…");
    assertThat(Facts.cut("a".repeat(256))).isEqualTo("a".repeat(256));
  }

  @Test
  void shouldSayWhyAnEventIsOfNoOrder() {
    // When
    var told =
        Facts.of(event(new OrderRef(" ", "a\u0000", "é".repeat(200)), null, T0, T0, 1L, null), T0);

    // Then
    assertThat(told)
        .isEqualTo(
            new Facts.Unusable(
                "venue is empty; account has a control character; orderId has 400 bytes, at most"
                    + " 256 are allowed"));
  }

  @Test
  void shouldBoundWhatAVenueAnswers() {
    // When
    ReplyDetails told =
        Facts.of(
            new ReplyDetails(
                "c".repeat(999),
                "m".repeat(9999),
                OrdStatus.CANCELED,
                "r".repeat(999),
                new BigDecimal("1E999999999"),
                Instant.MAX),
            T0);

    // Then
    assertThat(told.code()).hasSize(257);
    assertThat(told.message()).hasSize(2049);
    assertThat(told.rawStatus()).hasSize(257);
    assertThat(told.executedQty()).isNull();
    assertThat(told.venueTime()).isNull();
    assertThat(told.ordStatus()).isEqualTo(OrdStatus.CANCELED);
  }

  private static OrderEvent known(OrderEvent told) {
    return ((Facts.Known) Facts.of(told, T0)).event();
  }

  private static OrderEvent event(
      @Nullable BigDecimal cumQty,
      @Nullable Instant venueTime,
      Instant observedAt,
      Long sequence,
      @Nullable String raw) {
    return event(Cancels.ORDER, cumQty, venueTime, observedAt, sequence, raw);
  }

  private static OrderEvent event(
      OrderRef order,
      @Nullable BigDecimal cumQty,
      @Nullable Instant venueTime,
      Instant observedAt,
      Long sequence,
      @Nullable String raw) {
    return new OrderEvent(
        order,
        null,
        OrdStatus.FILLED,
        raw,
        BigDecimal.ONE,
        cumQty,
        BigDecimal.ZERO,
        null,
        venueTime,
        sequence,
        false,
        "feed:v",
        null,
        observedAt);
  }
}
