/**
 * All that was recorded of one cancel, order or mass cancel, in words and by time, from the intent
 * to the outcome and what was found later. For people who ask what happened; it judges nothing.
 */
@NullMarked
package io.countermand.audit.story;

import org.jspecify.annotations.NullMarked;
