/**
 * The processes of a benchmark: one broker and registry for all, and for each variant its own roles
 * or peer and its own simulated venue.
 */
@NullMarked
package io.countermand.bench.process;

import org.jspecify.annotations.NullMarked;
