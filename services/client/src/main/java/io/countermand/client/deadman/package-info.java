/** Dead-man's switches of a program that embeds the client. */
@NullMarked
package io.countermand.client.deadman;

import org.jspecify.annotations.NullMarked;
