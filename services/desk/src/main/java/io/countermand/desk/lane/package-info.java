/**
 * The lane of one venue: calls that wait, permits and breaker, the attempt itself with its marker
 * and reply, and what warms it all up.
 */
@NullMarked
package io.countermand.desk.lane;

import org.jspecify.annotations.NullMarked;
