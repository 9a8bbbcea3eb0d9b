package io.countermand.app.config;

/**
 * One thing wrong with the configuration; never holds a value that may be secret.
 *
 * @param key dotted, as in {@code desk.threads}; empty: the file as a whole
 * @param found what is there, or what is wrong with it
 * @param allowed what would be right, or what to do
 * @param where {@code file:line}, {@code environment NAME}, {@code command line} or {@code
 *     configuration} when it is given nowhere
 */
public record ConfigProblem(String key, String found, String allowed, String where) {

  @Override
  public String toString() {
    return (key.isEmpty() ? where : key + " (" + where + ")") + ": " + found + "; " + allowed;
  }
}
