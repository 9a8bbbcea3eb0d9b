/**
 * One YAML file, environment variables over it, the command line over both; bound by hand instead
 * of by a configuration library, because every problem is to be told at once, with its key, its
 * line and what is allowed, and no value that may be secret may appear in a message.
 */
@NullMarked
package io.countermand.app.config;

import org.jspecify.annotations.NullMarked;
