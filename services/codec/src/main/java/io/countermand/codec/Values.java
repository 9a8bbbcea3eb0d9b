package io.countermand.codec;

import io.countermand.domain.order.Facts;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The small conversions that every record needs. */
final class Values {

  private Values() {}

  /** Microseconds are all that a record keeps. */
  static Instant micros(Instant instant) {
    return instant.truncatedTo(ChronoUnit.MICROS);
  }

  static @Nullable Instant microsOrNull(@Nullable Instant instant) {
    return instant == null ? null : micros(instant);
  }

  /** Written out; null also for what is out of bounds. */
  static @Nullable String decimal(@Nullable BigDecimal value) {
    return Facts.plain(value);
  }

  /** Null for null, and for text that is no decimal: a quantity nobody can read is not known. */
  static @Nullable BigDecimal decimal(@Nullable String text) {
    return Facts.decimal(text);
  }

  /** The same name in the other enum. */
  static <A extends Enum<A>, B extends Enum<B>> @Nullable B named(@Nullable A value, Class<B> to) {
    return value == null ? null : Enum.valueOf(to, value.name());
  }

  static <A extends Enum<A>, B extends Enum<B>> B name(A value, Class<B> to) {
    return Enum.valueOf(to, value.name());
  }

  static <A, B> @Nullable B map(@Nullable A value, Function<A, B> to) {
    return value == null ? null : to.apply(value);
  }

  static <A, B> List<B> all(List<A> values, Function<A, B> to) {
    return values.stream().map(to).toList();
  }
}
