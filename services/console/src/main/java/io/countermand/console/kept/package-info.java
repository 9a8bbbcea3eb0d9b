/** What the console has read of the topics and keeps, each part within a bound. */
@NullMarked
package io.countermand.console.kept;

import org.jspecify.annotations.NullMarked;
