package io.countermand.client;

import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.countermand.events.CancelOutcome;
import io.countermand.events.serde.RegistryUnavailableException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** What went wrong and what to do; the message says both and holds no secret. Immutable. */
public final class ClientException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final Problem problem;
  private final transient @Nullable EventRecord<CancelOutcome> outcome;

  ClientException(Problem problem, String message, @Nullable Throwable cause) {
    this(problem, message, cause, null);
  }

  ClientException(
      Problem problem,
      String message,
      @Nullable Throwable cause,
      @Nullable EventRecord<CancelOutcome> outcome) {
    super(message, cause);
    this.problem = problem;
    this.outcome = outcome;
  }

  public Problem problem() {
    return problem;
  }

  /**
   * The outcome of the request that the cancelId stood for; null unless {@link Problem#ID_IN_USE}.
   */
  public @Nullable EventRecord<CancelOutcome> outcome() {
    return outcome;
  }

  /**
   * What an error of Kafka or the registry means.
   *
   * @param doing what was tried, to begin the message with
   */
  public static ClientException of(String doing, Throwable error) {
    if (error instanceof ClientException known) {
      return known;
    }
    if ((error instanceof ExecutionException || error instanceof CompletionException)
        && error.getCause() != null) {
      return of(doing, error.getCause());
    }
    // a producer that was refused once says of each later send that it is "in an error state"
    if (error.getClass() == KafkaException.class && error.getCause() != null) {
      return of(doing, error.getCause());
    }
    RestClientException rest = rest(error);
    return switch (error) {
      case RegistryUnavailableException _ when rest != null && refused(rest) ->
          new ClientException(
              Problem.NOT_AUTHORISED,
              doing
                  + ": the schema registry refuses these credentials; see basic.auth.user.info or"
                  + " bearer.auth.token of the connection",
              error);
      case RegistryUnavailableException _ when rest != null && rest.getStatus() == 404 ->
          new ClientException(
              Problem.REGISTRY_UNREACHABLE,
              doing
                  + ": no schema registry answers at this URL (HTTP 404); has it a path that is"
                  + " missing, as /apis/ccompat/v7 of Apicurio's?",
              error);
      case RegistryUnavailableException _ ->
          new ClientException(
              Problem.REGISTRY_UNREACHABLE,
              doing
                  + ": the schema registry cannot be asked ("
                  + last(error)
                  + "); check its URL and"
                  + " that it runs, then try again",
              error);
      case SerializationException _ when rest != null ->
          new ClientException(
              Problem.SCHEMA_INCOMPATIBLE,
              doing
                  + ": the registry has no such schema for the topic ("
                  + last(error)
                  + "); register"
                  + " it with `countermand schemas register`, or use the client of the version that"
                  + " is registered",
              error);
      case SerializationException _ ->
          new ClientException(
              Problem.OTHER, doing + ": a field is missing or wrong: " + last(error), error);
      case AuthenticationException _ ->
          new ClientException(
              Problem.NOT_AUTHORISED,
              doing
                  + ": Kafka does not accept these credentials ("
                  + error.getMessage()
                  + "); check sasl.* or ssl.* of the connection",
              error);
      case AuthorizationException _ ->
          new ClientException(
              Problem.NOT_AUTHORISED,
              doing
                  + ": Kafka does not allow it ("
                  + error.getMessage()
                  + "); a producer needs"
                  + " Write on cancel-intents, who waits for outcomes Read on cancel-outcomes, who"
                  + " sends heartbeats Write on heartbeats",
              error);
      case UnknownTopicOrPartitionException _ ->
          new ClientException(
              Problem.TOPIC_MISSING,
              doing
                  + ": the topic is not there; create the topics with `countermand topics apply`,"
                  + " or check bootstrap.servers",
              error);
      case RecordTooLargeException _ ->
          new ClientException(
              Problem.TOO_LARGE,
              doing + ": too large (" + error.getMessage() + "); shorten attributes and reason",
              error);
      case InvalidOffsetException _ ->
          new ClientException(
              Problem.POSITION_LOST,
              doing
                  + ": records at the stored position are not kept any more; what was missed is"
                  + " lost to this reader, go on from a time or from the beginning",
              error);
      case TimeoutException _ ->
          new ClientException(
              Problem.KAFKA_UNREACHABLE,
              doing
                  + ": Kafka does not answer ("
                  + error.getMessage()
                  + "); check bootstrap.servers"
                  + " and the brokers, then do it again: under the same id it stays one",
              error);
      default -> new ClientException(Problem.OTHER, doing + ": " + error, error);
    };
  }

  private static boolean refused(RestClientException rest) {
    return rest.getStatus() == 401 || rest.getStatus() == 403;
  }

  private static @Nullable RestClientException rest(Throwable error) {
    for (Throwable at = error; at != null; at = at.getCause()) {
      if (at instanceof RestClientException rest) {
        return rest;
      }
    }
    return null;
  }

  private static String last(Throwable error) {
    Throwable at = error;
    while (at.getCause() != null) {
      at = at.getCause();
    }
    return String.valueOf(at.getMessage());
  }
}
