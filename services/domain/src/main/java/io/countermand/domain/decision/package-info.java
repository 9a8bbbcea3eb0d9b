/**
 * What a desk decides: refuse, join, repeat or call; which venues it decides for; which waiting
 * call goes next. Pure.
 */
@NullMarked
package io.countermand.domain.decision;

import org.jspecify.annotations.NullMarked;
