/** What a desk is to call, and how many calls at once. */
@NullMarked
package io.countermand.simulation.call;

import org.jspecify.annotations.NullMarked;
