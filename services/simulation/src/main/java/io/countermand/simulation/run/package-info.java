/** Runs many histories from the command line, and shrinks one that failed. */
@NullMarked
package io.countermand.simulation.run;

import org.jspecify.annotations.NullMarked;
