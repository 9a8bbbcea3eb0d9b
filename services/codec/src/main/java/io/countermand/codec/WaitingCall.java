package io.countermand.codec;

import io.countermand.domain.CancelRequest;
import io.countermand.domain.order.Evidence;

/**
 * A call that waits for its venue, as the desk keeps it.
 *
 * @param at the record that asks for it
 */
public record WaitingCall(CancelRequest request, Evidence at) {}
