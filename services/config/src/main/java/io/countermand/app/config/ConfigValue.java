package io.countermand.app.config;

/**
 * A value as somebody gave it.
 *
 * @param text as written; meaningless for a list
 * @param list a YAML list, which no key takes
 */
record ConfigValue(Layer layer, String text, boolean list, String where) {

  /** Later ones win. */
  enum Layer {
    FILE,
    ENVIRONMENT,
    COMMAND_LINE
  }
}
