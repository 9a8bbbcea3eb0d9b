/** Publishers and readers of the topics that others write and read, for our own tools and roles. */
@NullMarked
package io.countermand.kafka.client;

import org.jspecify.annotations.NullMarked;
