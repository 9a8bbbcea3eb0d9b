/**
 * What operators and their tools see of a process: health and metrics over HTTP. Knows no role; the
 * composition roots tell it of theirs.
 */
@NullMarked
package io.countermand.observe;

import org.jspecify.annotations.NullMarked;
