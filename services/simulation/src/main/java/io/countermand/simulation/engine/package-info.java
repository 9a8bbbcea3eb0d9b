/**
 * What any history needs: choices from a seed, the faults that may happen, virtual time, topics,
 * and the verdict.
 */
@NullMarked
package io.countermand.simulation.engine;

import org.jspecify.annotations.NullMarked;
