/**
 * Orders and cancels as a trading firm would make them, generated from a seed or replayed from
 * market data. A flow goes into a pipeline at one end, and its outcomes are counted at the other.
 */
package io.countermand.app.demo;
