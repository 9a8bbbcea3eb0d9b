package io.countermand.app.cancel;

import io.countermand.app.cli.ExitCodes;
import io.countermand.app.cli.OutcomeText;
import io.countermand.app.cli.Terminal;
import io.countermand.client.CancelClient;
import io.countermand.client.CancelDraft;
import io.countermand.client.ClientException;
import io.countermand.client.EventRecord;
import io.countermand.client.Problem;
import io.countermand.client.SentCancel;
import io.countermand.domain.CancelResult;
import io.countermand.events.CancelOutcome;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Sends the cancels of a batch, so many at once, and writes what became of each. Those that an
 * earlier run has a result of are not sent again; those that it had sent, without a result, are
 * sent under the same ids, which is the same cancel.
 */
final class BulkCancel {

  private final CancelClient client;
  private final ResultFile file;
  private final Terminal terminal;
  private final Semaphore places;
  private final Map<String, Integer> counts = new TreeMap<>();
  private final Set<Integer> codes = new HashSet<>();
  private int skipped;
  private int done;

  /**
   * @param atOnce how many wait for their outcomes at the most
   */
  BulkCancel(CancelClient client, ResultFile file, Terminal terminal, int atOnce) {
    this.client = client;
    this.file = file;
    this.terminal = terminal;
    this.places = new Semaphore(atOnce);
  }

  /** What makes no sense in it; to be asked of each before the first is sent. Null: nothing. */
  @Nullable String problem(BulkRow row) {
    return draft(row, row.idIn(file.batch())).problem();
  }

  /**
   * Returns when each has a result.
   *
   * @param wrong how many rows more there were, which are not sent
   */
  int run(List<BulkRow> rows, int wrong) throws InterruptedException {
    pass(wrong);
    try {
      return send(rows, rows.size() + wrong);
    } finally {
      terminal.end();
    }
  }

  private int send(List<BulkRow> rows, int all) throws InterruptedException {
    List<CompletableFuture<?>> open = new ArrayList<>();
    Set<String> given = new HashSet<>();
    for (BulkRow row : rows) {
      String id = row.idIn(file.batch());
      String known = file.result(row.order().key(), id);
      if (!given.add(row.order().key() + ' ' + id)) {
        terminal.line("line " + row.line() + ": the same cancel as before, not sent again");
      } else if (known != null) {
        skip(known);
      } else {
        places.acquire();
        SentCancel sent = draft(row, id).dispatch();
        open.add(
            sent.record()
                .handle(
                    (record, error) -> {
                      try {
                        settled(sent, record, error, all);
                      } finally {
                        places.release();
                      }
                      return null;
                    }));
      }
    }
    CompletableFuture.allOf(open.toArray(CompletableFuture<?>[]::new)).join();
    return ExitCodes.of(codes);
  }

  private CancelDraft draft(BulkRow row, String id) {
    CancelDraft draft =
        client
            .cancel(row.order())
            .id(id)
            .within(row.options().within())
            .strategyId(row.strategyId())
            .clOrdId(row.clOrdId())
            .override(row.options().override())
            .automated(row.options().automated())
            .trader(System.getProperty("user.name"))
            .attribute("batch", file.batch());
    if (row.options().reason() != null) {
      draft.because(row.options().reason());
    }
    if (row.options().priority() != null) {
      draft.priority(row.options().priority());
    }
    return draft;
  }

  private synchronized void pass(int wrong) {
    for (int i = 0; i < wrong; i++) {
      count(Problem.INVALID.name(), ExitCodes.of(Problem.INVALID));
    }
  }

  private synchronized void skip(String result) {
    skipped++;
    count(result, ExitCodes.of(CancelResult.valueOf(result)));
  }

  private synchronized void settled(
      SentCancel sent,
      @Nullable EventRecord<CancelOutcome> record,
      @Nullable Throwable error,
      int all) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("order", sent.order().key());
    if (record != null) {
      var read = OutcomeText.read(record);
      fields.putAll(OutcomeText.fields(read));
      count(read.outcome().result().name(), ExitCodes.of(read.outcome().result()));
    } else {
      Problem problem = problem(error);
      fields.put("cancelId", sent.cancelId());
      fields.put("result", null);
      fields.put("problem", problem.name());
      fields.put("text", error == null ? null : error.getMessage());
      count(problem.name(), ExitCodes.of(problem));
    }
    file.append(OutcomeText.write(fields));
    terminal.progress(done + " of " + all + ": " + summary());
  }

  private static Problem problem(@Nullable Throwable error) {
    Throwable at =
        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    return at instanceof ClientException known ? known.problem() : Problem.OTHER;
  }

  private void count(String name, int code) {
    done++;
    counts.merge(name, 1, Integer::sum);
    codes.add(code);
  }

  /** So many of each result. */
  synchronized String summary() {
    StringBuilder text = new StringBuilder();
    counts.forEach(
        (name, count) ->
            text.append(text.isEmpty() ? "" : ", ").append(count).append(' ').append(name));
    return text + (skipped == 0 ? "" : " (" + skipped + " from the run before)");
  }

  synchronized Map<String, Integer> counts() {
    return Map.copyOf(counts);
  }
}
