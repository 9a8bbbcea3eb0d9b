/**
 * Where an audit's records come from, a cluster or an archive, and how they are brought together by
 * order. Here nothing is judged.
 */
@NullMarked
package io.countermand.audit.source;

import org.jspecify.annotations.NullMarked;
