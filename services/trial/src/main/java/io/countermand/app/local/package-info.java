/**
 * A whole pipeline on this machine, from Kafka and registry as child processes to simulated venues,
 * desk, ledger and console. {@code up} runs one; {@code demo} and {@code drill} run their flows
 * through one.
 */
package io.countermand.app.local;
