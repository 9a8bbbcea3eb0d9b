/**
 * What the {@code doctor} command looks at before anything flows: configuration, brokers, topics,
 * rights, schemas, clocks, and the venues if it is told to. It says what is wrong and what to do.
 */
package io.countermand.app.doctor;
