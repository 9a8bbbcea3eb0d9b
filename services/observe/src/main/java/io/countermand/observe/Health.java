package io.countermand.observe;

import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** What a role says of itself. Asked from any thread; must not wait. */
public interface Health {

  /** Whether it has ended and will not come back by itself. */
  boolean failed();

  /** What it lacks to do its work, a line each, without secrets; empty: ready. */
  List<String> missing();

  static Health of(BooleanSupplier failed, Supplier<List<String>> missing) {
    return new Health() {
      @Override
      public boolean failed() {
        return failed.getAsBoolean();
      }

      @Override
      public List<String> missing() {
        return missing.get();
      }
    };
  }
}
