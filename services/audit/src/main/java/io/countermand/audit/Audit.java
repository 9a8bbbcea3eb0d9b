package io.countermand.audit;

import io.countermand.audit.report.AuditReport;
import io.countermand.audit.report.AuditResult;
import io.countermand.audit.source.ArchiveSource;
import io.countermand.audit.source.AuditException;
import io.countermand.audit.source.AuditRules;
import io.countermand.audit.source.DuckDb;
import io.countermand.audit.source.KafkaSource;
import io.countermand.audit.source.Manifest;
import io.countermand.audit.source.Range;
import io.countermand.audit.source.RecordSource;
import io.countermand.audit.source.WorkDir;
import io.countermand.domain.order.OrderRef;
import io.countermand.kafka.KafkaConnection;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** {@code countermand audit}. */
public final class Audit {

  private Audit() {}

  /**
   * How to audit.
   *
   * @param from null: from the first record
   * @param to null: as far as there is anything
   * @param margin read before and behind
   * @param only what is reported; all is read
   * @param out where the report goes; null: none is written
   * @param memoryMiB DuckDB's share, beside the heap
   * @param floor whether to measure reading and decoding alone first
   * @param progress hears records read and records in all
   */
  public record Options(
      @Nullable Instant from,
      @Nullable Instant to,
      Duration margin,
      Only only,
      @Nullable Path out,
      int threads,
      int memoryMiB,
      boolean floor,
      Progress progress) {}

  /**
   * Cancels to report.
   *
   * @param venue null: of all venues
   * @param account null: of all accounts
   */
  public record Only(@Nullable String venue, @Nullable String account) {
    static final Only ALL = new Only(null, null);

    /**
     * @param order key of an order
     */
    boolean takes(String order) {
      String[] parts = order.split("/", -1);
      return (venue == null || OrderRef.encode(venue).equals(parts[0]))
          && (account == null || (parts.length > 1 && OrderRef.encode(account).equals(parts[1])));
    }
  }

  /** Hears how far it is. */
  public interface Progress {
    void accept(long done, long all);
  }

  /**
   * @param connection not used for an archive
   * @param rules in force when the history was made
   * @param line hears the summary
   * @return the exit code
   * @throws IllegalArgumentException for a range or topics that are not there
   * @throws AuditException if it cannot be carried through
   */
  public static int run(
      KafkaConnection connection, AuditRules rules, Options options, Consumer<String> line)
      throws IOException {
    return run(connection, rules, options, false, line);
  }

  /**
   * The same.
   *
   * @param json whether {@code line} hears one JSON object, and nothing else
   */
  public static int run(
      KafkaConnection connection,
      AuditRules rules,
      Options options,
      boolean json,
      Consumer<String> line)
      throws IOException {
    try (RecordSource source = new KafkaSource(connection)) {
      return run(source, rules, options, json, null, line);
    }
  }

  /**
   * Of an archive, by the rules that it keeps; its own range unless another is given.
   *
   * @param kept the manifest's SHA-256, as somebody kept it elsewhere; null: nobody did
   * @param json whether {@code line} hears one JSON object, and nothing else
   * @throws AuditException if it is not whole, or not the one that was kept
   */
  public static int run(
      Path archive, @Nullable String kept, Options options, boolean json, Consumer<String> line)
      throws IOException {
    try (var source = new ArchiveSource(archive, kept)) {
      Manifest is = source.manifest();
      String proof =
          kept == null
              ? "the archive is as its manifest says; whether that is the one that was written, only"
                  + " a hash that was kept elsewhere can tell (--sha256)"
              : "the archive is the one whose hash was kept";
      if (!json) {
        line.accept(proof);
      }
      Options all =
          new Options(
              options.from() == null ? is.start() : options.from(),
              options.to() == null ? Instant.parse(is.to()) : options.to(),
              options.from() == null && options.to() == null
                  ? Duration.parse(is.margin())
                  : options.margin(),
              options.only(),
              options.out(),
              options.threads(),
              options.memoryMiB(),
              options.floor(),
              options.progress());
      return run(source, is.rules().rules(), all, json, kept != null, line);
    }
  }

  static int run(RecordSource source, AuditRules rules, Options options, Consumer<String> line)
      throws IOException {
    return run(source, rules, options, false, null, line);
  }

  /**
   * @param proven whether an archive is the one whose hash was kept; null: no archive
   */
  private static int run(
      RecordSource source,
      AuditRules rules,
      Options options,
      boolean json,
      @Nullable Boolean proven,
      Consumer<String> line)
      throws IOException {
    Range range = new Range(source, options.from(), options.to(), options.margin());
    try (var work = WorkDir.beside(options.out());
        var duck = new DuckDb(work.spill(), options.memoryMiB(), options.threads())) {
      ReadingRate.Rate floor =
          options.floor() ? ReadingRate.measure(source, range, options.threads()) : null;
      AuditResult result = new AuditRun(source, range, rules, duck, options).run();
      if (!json) {
        Summary.print(result, floor, line);
      }
      if (options.out() != null) {
        new AuditReport(result, duck).write(work.report());
        work.move(options.out());
        if (!json) {
          line.accept("report in " + options.out());
        }
      }
      if (json) { // last: it names the report, which is there now
        line.accept(SummaryJson.text(result, floor, proven, options.out()));
      }
      return result.exitCode();
    } catch (SQLException e) {
      throw new AuditException("DuckDB failed: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new AuditException("the report cannot be written: " + e.getMessage(), e);
    }
  }
}
