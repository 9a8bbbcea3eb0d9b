/** Pages that show what became of cancels, for people. */
@NullMarked
package io.countermand.console;

import org.jspecify.annotations.NullMarked;
