package io.countermand.venues;

import java.net.URI;
import java.util.List;

/**
 * A kind of venue; found by {@code ServiceLoader} (META-INF/services), so a jar on the class path
 * adds one. Stateless.
 */
public interface VenueProvider {

  /** The name in the configuration, such as {@code crosstrade}. */
  String adapter();

  /** One line for people. */
  String summary();

  Capabilities capabilities();

  /** What the configuration leaves out. */
  VenueDefaults defaults();

  /**
   * Names of the credentials that {@link #create} needs: one of these sets, such as {@code
   * [[token], [email, password]]}.
   */
  default List<List<String>> credentials() {
    return List.of(List.of("token"));
  }

  /** Keys that {@link VenueSettings#options} may hold. */
  default List<VenueOption> options() {
    return List.of();
  }

  /** The base URL for people, without what is secret in it. */
  default String shown(URI baseUrl) {
    return baseUrl.toString();
  }

  /** Whether a cancel closes the order's position, too: more than a mass cancel asks for. */
  default boolean cancelClosesPosition() {
    return false;
  }

  /**
   * Does no I/O.
   *
   * @throws IllegalArgumentException naming every setting that is wrong, never its secret value
   */
  VenueAdapter create(VenueSettings settings);
}
