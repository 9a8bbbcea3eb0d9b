/**
 * What commands share at the terminal: the options for configuration and JSON, exit codes, outcomes
 * and failures in words, progress, and an orderly end.
 */
package io.countermand.app.cli;
