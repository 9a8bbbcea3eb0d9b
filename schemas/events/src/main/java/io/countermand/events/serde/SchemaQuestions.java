package io.countermand.events.serde;

import io.confluent.kafka.schemaregistry.ParsedSchema;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.avro.Schema;

/**
 * What a process asks its registry of schema ids that it does not know: each id in turn, so many a
 * second, however many there are. Values that are no events name any id. Safe for many threads.
 */
public final class SchemaQuestions {

  /** For all decoders together. */
  public static final int PER_SECOND = 100;

  private static final int MOST_AT_ONCE = 16;

  /** Ids that wait for their turn; who names more is not written down. */
  private static final int MOST_WAITING = 50_000;

  /**
   * An answer holds for so long, then it is asked for anew. Longer than two rounds of {@code
   * Parking}, a second apart or a little more: one that waits for no answer must find it at its
   * next.
   */
  private static final Duration FRESH = Duration.ofSeconds(3);

  private final SchemaRegistryClient registry;
  private final SchemaMemory memory;
  private final Executor executor;
  private final Map<Integer, Question> questions = new HashMap<>();
  private final Queue<Question> waiting = new ArrayDeque<>();
  private Instant answeredAt = Instant.MIN;
  private Instant time = Instant.MIN;
  private Instant swept = Instant.MIN;
  private double permits = PER_SECOND;
  private int underWay;
  private boolean starting;

  SchemaQuestions(SchemaRegistryClient registry, SchemaMemory memory, Executor executor) {
    this.registry = registry;
    this.memory = memory;
    this.executor = executor;
  }

  sealed interface Said {
    record Is(Schema schema) implements Said {}

    record Unknown(String text) implements Said {}

    /** Says nothing of the id. */
    record Away(Throwable cause) implements Said {}
  }

  private static final class Question {
    final int id;
    final CompletableFuture<Said> answer = new CompletableFuture<>();
    Instant startedAt = Instant.MAX;

    Question(int id) {
      this.id = id;
    }
  }

  /** Whether some meaning of the id is known, without asking. */
  public boolean knows(int id) {
    return !memory.meanings(id).isEmpty();
  }

  /** Lets the registry be asked, if need be; what it says is there when the value is read. */
  public void ask(int id, Instant now) {
    if (id >= 0 && !knows(id)) {
      soon(id, now, false);
    }
  }

  /** When a question was asked that the registry answered, by the clock of who asks. */
  public synchronized Instant answeredAt() {
    return answeredAt;
  }

  /**
   * The answer, now or when it has come. It is not completed by who waits for it.
   *
   * @param atOnce not in turn; for one who waits, and so asks seldom
   */
  CompletableFuture<Said> soon(int id, Instant now, boolean atOnce) {
    synchronized (this) {
      Question question = questions.get(id);
      if (question == null || stale(question, now)) {
        sweep(now);
        question = new Question(id);
        if (!atOnce && waiting.size() >= MOST_WAITING) {
          return question.answer;
        }
        questions.put(id, question);
        waiting.add(question);
      }
      pass(now);
      if (atOnce && question.startedAt.equals(Instant.MAX)) {
        waiting.remove(question);
        start(question);
      }
      startMore();
      return question.answer;
    }
  }

  private static boolean stale(Question question, Instant now) {
    return question.answer.isDone() && question.startedAt.isBefore(now.minus(FRESH));
  }

  private void sweep(Instant now) {
    if (questions.size() >= MOST_AT_ONCE && !now.isBefore(swept.plus(FRESH))) {
      swept = now;
      questions.values().removeIf(each -> stale(each, now));
    }
  }

  private void pass(Instant now) {
    if (now.isAfter(time)) {
      double seconds =
          time.equals(Instant.MIN) ? 1 : Math.min(1, Duration.between(time, now).toNanos() / 1e9);
      permits = Math.min(PER_SECOND, permits + seconds * PER_SECOND);
      time = now;
    }
  }

  private void startMore() {
    if (starting) {
      return; // an executor that runs it here comes back here
    }
    starting = true;
    while (permits >= 1 && underWay < MOST_AT_ONCE && !waiting.isEmpty()) {
      permits--;
      start(waiting.remove());
    }
    starting = false;
  }

  private void start(Question question) {
    underWay++;
    question.startedAt = time;
    executor.execute(
        () -> {
          Said said;
          try {
            said = now(question.id);
          } catch (RuntimeException | Error e) {
            said = new Said.Away(e);
          }
          done(question, said);
        });
  }

  private void done(Question question, Said said) {
    question.answer.complete(said);
    synchronized (this) {
      underWay--;
      if (!(said instanceof Said.Away) && question.startedAt.isAfter(answeredAt)) {
        answeredAt = question.startedAt;
      }
      startMore();
    }
  }

  /** Asks, and waits for the answer. */
  Said now(int id) {
    ParsedSchema parsed;
    try {
      if (memory.kept() && knows(id)) {
        registry.reset(); // what the client has cached of it may be old, too
      }
      parsed = registry.getSchemaById(id);
    } catch (IOException | RestClientException | RuntimeException e) {
      if (RegistryErrors.isUnknownSchema(e)) {
        return new Said.Unknown("the registry knows no schema id " + id);
      }
      if (RegistryErrors.isForeignSchema(e)) {
        return new Said.Unknown("schema id " + id + " is no Avro schema: " + e.getMessage());
      }
      return new Said.Away(e);
    }
    return parsed instanceof AvroSchema avro
        ? new Said.Is(avro.rawSchema())
        : new Said.Unknown("schema id " + id + " is no Avro schema");
  }
}
