/** The benchmark's peer with Confluent Parallel Consumer. */
@NullMarked
package io.countermand.bench.parallel;

import org.jspecify.annotations.NullMarked;
