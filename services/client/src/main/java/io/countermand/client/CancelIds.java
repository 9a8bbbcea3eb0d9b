package io.countermand.client;

import java.security.SecureRandom;
import java.util.Random;
import java.util.UUID;

/** UUIDs of version 7 (RFC 9562): nobody else makes the same, and later ones sort later. */
final class CancelIds {

  private static final SecureRandom RANDOM = new SecureRandom();

  private CancelIds() {}

  static String next() {
    return next(System.currentTimeMillis(), RANDOM).toString();
  }

  static UUID next(long millis, Random random) {
    long high = (millis << 16) | 0x7000 | random.nextInt(1 << 12);
    long low = (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
    return new UUID(high, low);
  }
}
