/**
 * What is known of an order: what its events say, folded by sequence and time, and which values can
 * be meant at all. Pure.
 */
@NullMarked
package io.countermand.domain.order;

import org.jspecify.annotations.NullMarked;
