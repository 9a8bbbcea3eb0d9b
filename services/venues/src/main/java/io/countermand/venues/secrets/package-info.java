/** Finds credentials in what a venue says, however they are written there. */
@NullMarked
package io.countermand.venues.secrets;

import org.jspecify.annotations.NullMarked;
