/**
 * Commands that read what the topics hold, and stand behind the flow: outcomes as they come, all
 * that is known of an order, and dead letters. Only a dead letter that is sent once more changes
 * anything.
 */
package io.countermand.app.lookup;
