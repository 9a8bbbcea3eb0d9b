/**
 * The simulated venues' sockets: HTTP, WebSocket, and {@code /admin} for tests. {@link Desk} takes
 * each request from the journal to the answer; it is no desk of the pipeline.
 */
package io.countermand.simulator.server;
