package io.countermand.audit.source;

import java.util.Arrays;

/** A set of non-zero longs, eight bytes or two times that each. One thread. */
public final class LongSet {

  private long[] slots = new long[1024];
  private int size;
  private boolean zero;

  public boolean contains(long value) {
    return value == 0 ? zero : slots[slot(slots, value)] == value;
  }

  public void add(long value) {
    if (value == 0) {
      zero = true;
      return;
    }
    int slot = slot(slots, value);
    if (slots[slot] == value) {
      return;
    }
    slots[slot] = value;
    if (++size * 2 > slots.length) {
      long[] more = new long[slots.length * 2];
      Arrays.stream(slots).filter(one -> one != 0).forEach(one -> more[slot(more, one)] = one);
      slots = more;
    }
  }

  private static int slot(long[] slots, long value) {
    int slot = (int) (value & (slots.length - 1));
    while (slots[slot] != 0 && slots[slot] != value) {
      slot = (slot + 1) & (slots.length - 1);
    }
    return slot;
  }
}
