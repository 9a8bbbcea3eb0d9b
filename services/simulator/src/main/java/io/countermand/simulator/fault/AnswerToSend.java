package io.countermand.simulator.fault;

import io.countermand.simulator.request.HttpAnswer;
import org.jspecify.annotations.Nullable;

/**
 * What the transport is to do: send the answer, unless the fault says that it does not get there.
 *
 * @param fault null for none
 */
public record AnswerToSend(HttpAnswer answer, @Nullable Fault fault) {}
