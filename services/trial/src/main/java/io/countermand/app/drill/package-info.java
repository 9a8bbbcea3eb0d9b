/**
 * Drills: a mass cancel of many orders on a stack of its own, with faults, and a report for the
 * file that three books stand behind.
 */
@org.jspecify.annotations.NullMarked
package io.countermand.app.drill;
