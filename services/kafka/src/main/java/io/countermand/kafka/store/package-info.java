/** How the roles' stores keep what changes. */
package io.countermand.kafka.store;
