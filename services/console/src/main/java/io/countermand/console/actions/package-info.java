/** What people can have done by the console, each on record first. */
@NullMarked
package io.countermand.console.actions;

import org.jspecify.annotations.NullMarked;
