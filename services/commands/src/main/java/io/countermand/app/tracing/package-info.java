/** What the roles tell of traced cancels, as spans for a collector. */
package io.countermand.app.tracing;
