/**
 * The {@code countermand} command, where all modules meet: it names the subcommands, which stand in
 * the packages below by subject. {@code role} is the way to desk and ledger, {@code cancel} the way
 * to an intent.
 */
package io.countermand.app;
