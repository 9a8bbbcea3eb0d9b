/**
 * Commands that try the pipeline instead of using it: {@code demo}, {@code flow}, {@code chaos},
 * {@code drill}, {@code histories} and a benchmark of the audit. Most of what they do stands in
 * {@code app.demo}, {@code app.chaos}, {@code app.drill} and the module {@code simulation}.
 */
package io.countermand.app.trial;
