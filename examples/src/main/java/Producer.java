import io.countermand.client.CancelClient;
import io.countermand.client.ClientException;
import io.countermand.client.Connection;
import io.countermand.events.CancelOutcome;
import io.countermand.events.OrderKey;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Cancels orders and says what became of them: BOOTSTRAP REGISTRY VENUE ACCOUNT ORDER_ID... */
class Producer {

  public static void main(String[] args) {
    try (CancelClient client = CancelClient.connect(Connection.of(args[0], args[1]))) {
      CompletableFuture<?>[] all = new CompletableFuture<?>[args.length - 4];
      for (int i = 0; i < all.length; i++) {
        OrderKey order = OrderKey.of(args[2], args[3], args[i + 4]);
        all[i] =
            client
                .cancel(order)
                .within(Duration.ofSeconds(5))
                .because("risk limit")
                .automated(true)
                .send()
                .thenAccept(outcome -> System.out.println(order + ": " + act(outcome)))
                .exceptionally(error -> report(order, error));
      }
      CompletableFuture.allOf(all).join();
    } catch (ClientException e) {
      System.err.println(e.problem() + ": " + e.getMessage()); // what is missing, and what to do
    }
  }

  static String act(CancelOutcome outcome) {
    return switch (outcome.getResult()) {
      case CANCELED -> "gone, executed " + outcome.getExecutedQty();
      case PENDING -> "the venue took it; expect it to go";
      case REJECTED -> "not cancelled: " + outcome.getReason() + ", order " + outcome.getOrdStatus();
      case UNRESOLVED -> "may be live or gone: look at the venue. " + outcome.getText();
    };
  }

  static Void report(OrderKey order, Throwable error) {
    Throwable cause = error instanceof CompletionException ? error.getCause() : error;
    System.err.println(order + ": " + cause.getMessage());
    return null;
  }
}
