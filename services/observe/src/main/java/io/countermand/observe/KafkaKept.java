package io.countermand.observe;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;

/** Temporarily all. */
final class KafkaKept {
  static final MeterFilter FILTER =
      new MeterFilter() {
        @Override
        public MeterFilterReply accept(Meter.Id id) {
          return MeterFilterReply.NEUTRAL;
        }
      };

  private KafkaKept() {}
}
