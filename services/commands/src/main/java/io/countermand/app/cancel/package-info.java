/**
 * Commands that begin the flow: they publish intents, mass cancels, kill switches and heartbeats,
 * and can wait for what becomes of them. One cancel, a file of them, or all orders of a scope.
 */
package io.countermand.app.cancel;
