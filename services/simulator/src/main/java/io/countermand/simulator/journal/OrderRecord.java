package io.countermand.simulator.journal;

import io.countermand.simulator.journal.JournalEntry.Changed;
import java.util.List;

/** What really happened to one order: the requests for it and its changes, each in their order. */
public record OrderRecord(List<JournalCall> calls, List<Changed> changes) {}
