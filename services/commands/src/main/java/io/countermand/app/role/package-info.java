/**
 * Starts and stops the roles with their configuration: desk, ledger, venue feeds, door, console and
 * simulated venues, each in a process of its own, or desk, ledger and feeds together. What a role
 * does stands in its module; here its parts are put together.
 */
package io.countermand.app.role;
