/**
 * The simulated venues' sockets: HTTP, WebSocket, and {@code /admin} for tests. {@link
 * RequestHandler} takes each request from the journal to the answer.
 */
package io.countermand.simulator.server;
