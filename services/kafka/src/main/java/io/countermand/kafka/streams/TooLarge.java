package io.countermand.kafka.streams;

import io.countermand.platform.Topics;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.DefaultProductionExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a record that Kafka takes for too large. All that is written is bounded before
 * ({@code Facts}, {@code DeadLetters}), so only a topic with a small limit of its own gets here. A
 * row of the order-state table and a dead letter are left out, with a line in the log; a decision,
 * an outcome or a store's record never is: there the thread fails, and says which topic it was.
 *
 * <p>Under exactly-once nothing can be left out, since the transaction is lost by then
 * (KAFKA-15259).
 */
public final class TooLarge extends DefaultProductionExceptionHandler {

  private static final Logger LOG = LoggerFactory.getLogger(TooLarge.class);
  private static final Set<String> MAY_BE_LEFT_OUT =
      Set.of(Topics.ORDER_STATES, Topics.DEAD_LETTERS);

  private boolean exactlyOnce;

  /** Whether a task without transactions goes on after {@code error}, without the record. */
  static boolean mayBeLeftOut(String topic, Exception error) {
    return error instanceof RecordTooLargeException && MAY_BE_LEFT_OUT.contains(topic);
  }

  @Override
  public void configure(Map<String, ?> settings) {
    super.configure(settings);
    exactlyOnce =
        StreamsConfig.EXACTLY_ONCE_V2.equals(
            settings.get(StreamsConfig.PROCESSING_GUARANTEE_CONFIG));
  }

  @Override
  public Response handleError(
      ErrorHandlerContext context, ProducerRecord<byte[], byte[]> record, Exception error) {
    if (!(error instanceof RecordTooLargeException)) {
      return super.handleError(context, record, error);
    }
    boolean leftOut = !exactlyOnce && mayBeLeftOut(record.topic(), error);
    LOG.atError()
        .addKeyValue("topic", record.topic())
        .addKeyValue("bytes", record.value() == null ? 0 : record.value().length)
        .addKeyValue("record", context.topic() + "-" + context.partition() + "@" + context.offset())
        .addKeyValue("error", error.getMessage())
        .log(
            leftOut
                ? "record too large for its topic, left out; raise its max.message.bytes"
                : "record too large for its topic, cannot go on; raise its max.message.bytes");
    return leftOut ? Response.resume() : Response.fail();
  }
}
