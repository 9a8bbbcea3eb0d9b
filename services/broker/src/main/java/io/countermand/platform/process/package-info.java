/** Processes that a test or the local stack starts and ends: their class path, cache and log. */
package io.countermand.platform.process;
