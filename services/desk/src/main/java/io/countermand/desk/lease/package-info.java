/** A desk task's leases: what lets a call leave before its decision is durable. */
@NullMarked
package io.countermand.desk.lease;

import org.jspecify.annotations.NullMarked;
