package io.countermand.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countermand.app.pipeline.PipelineAccess;
import io.countermand.domain.order.OrderRef;
import io.countermand.events.MassReport;
import io.countermand.events.MassScope;
import io.countermand.events.MassState;
import io.countermand.events.OrderKey;
import io.countermand.simulator.book.NewOrder;
import io.countermand.simulator.fault.Fault;
import io.countermand.simulator.fault.FaultRule;
import io.countermand.simulator.request.CallKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Mass cancels of a program that embeds the client, against the real pipeline. */
@Tag("front") // infra/compose/ci
@Tag("pipeline")
@ExtendWith(PipelineAccess.class)
class MassCancelClientTest {

  private static final String VENUE = "crosstrade";
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final PipelineAccess.Stack stack;
  private final Connection connection;

  /** Orders of other tests are none of its business. */
  private final String account = "Client" + UUID.randomUUID().toString().substring(0, 8);

  MassCancelClientTest(PipelineAccess.Stack stack) {
    this.stack = stack;
    this.connection =
        Connection.of(stack.connection().bootstrapServers(), stack.connection().registryUrl());
  }

  @Test
  void shouldCancelAScopeAndTellItsReportsAndTheLastOneAgain() throws Exception {
    // Given
    List<OrderKey> in = List.of(known(place()), known(place()));
    String id = UUID.randomUUID().toString();
    List<MassReport> heard = new CopyOnWriteArrayList<>();
    try (MassCancelClient client = MassCancelClient.connect(connection)) {
      // When
      MassReport counted = last(draft(client).dryRun(true));
      List<Long> before = in.stream().map(this::calls).toList();
      MassReport last = last(draft(client).id(id).onReport(heard::add));
      MassReport again = last(draft(client).id(id));
      // Then
      assertThat(counted.getTotal()).isEqualTo(2);
      assertThat(before).containsExactly(0L, 0L);
      assertThat(last.getState()).isEqualTo(MassState.DONE);
      assertThat(last.getTotal()).isEqualTo(2);
      assertThat(MassCancelClient.isFlat(last)).as("%s", last).isTrue();
      assertThat(heard).last().isEqualTo(last);
      assertThat(again.getCanceled()).isEqualTo(last.getCanceled());
      assertThat(in).allMatch(order -> calls(order) == 1);
      assertThat(client.open()).isEmpty();
    }
  }

  @Test
  void shouldSayThatAnIdStoodForAnotherAndThatNothingWasDone() throws Exception {
    // Given
    String id = UUID.randomUUID().toString();
    OrderKey order = known(place());
    try (MassCancelClient client = MassCancelClient.connect(connection)) {
      MassReport _ = last(draft(client).id(id).dryRun(true));
      // When
      CompletableFuture<MassReport> other = draft(client).id(id).send();
      // Then
      assertThatThrownBy(() -> other.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
          .cause()
          .isInstanceOfSatisfying(
              ClientException.class, e -> assertThat(e.problem()).isEqualTo(Problem.ID_IN_USE));
      assertThat(calls(order)).isZero();
    }
  }

  @Test
  void shouldTellARefusalAndSendNothingThatMakesNoSense() throws Exception {
    try (MassCancelClient client = MassCancelClient.connect(connection)) {
      // Given
      MassCancelDraft nothing = client.massCancel(new MassScope()).by("test").because("drill");
      // When
      MassReport refused = last(nothing);
      // Then
      assertThat(refused.getState()).isEqualTo(MassState.REFUSED);
      assertThat(refused.getText()).contains("the scope is empty");
      assertThatThrownBy(() -> client.massCancel(scope()).by("test").send())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("because");
      assertThatThrownBy(() -> draft(client).within(Duration.ZERO).send())
          .hasMessageContaining("within");
      assertThatThrownBy(() -> draft(client).id("x".repeat(65)).send()).hasMessageContaining("id ");
      assertThatThrownBy(() -> draft(client).because("x".repeat(257)).send())
          .hasMessageContaining("256 bytes");
      assertThat(client.open()).isEmpty();
    }
  }

  @Test
  void shouldKeepAKillSwitchOnUntilItIsReleased() throws Exception {
    // Given
    List<String> on = new ArrayList<>();
    try (MassCancelClient client = MassCancelClient.connect(connection)) {
      MassReport fired = last(draft(client).keep(true));
      String id = fired.getMass().getMassId();
      // When
      OrderKey later = place();
      Awaitility.await("cancelled, too").atMost(PATIENCE).until(() -> calls(later) == 1);
      on.addAll(ids(KillSwitchesOn.read(connection)));
      MassReport released = last(client.release(id).by("test").because("over"));
      KillSwitchesOn after = KillSwitchesOn.read(connection);
      // Then
      assertThat(on).contains(id);
      assertThat(released.getState()).isEqualTo(MassState.DONE);
      assertThat(released.getText()).contains("released");
      assertThat(ids(after)).doesNotContain(id);
      assertThat(after.unreadable()).isEmpty();
    }
  }

  @Test
  void shouldSayWhatWasOpenWhenItIsClosed() throws Exception {
    // Given: an order whose cancel takes its time, so that there is no last report for a while
    OrderKey slow = known(place());
    stack
        .simulator()
        .faults()
        .add(
            FaultRule.next(VENUE, 1, new Fault.Delay(Duration.ofSeconds(15)))
                .on(CallKind.CANCEL)
                .forOrder(slow.orderId()));
    CompletableFuture<MassReport> last;
    try (MassCancelClient client = MassCancelClient.connect(connection)) {
      // When
      last = draft(client).send();
    }
    // Then
    assertThatThrownBy(last::get)
        .cause()
        .isInstanceOfSatisfying(
            ClientException.class, e -> assertThat(e.problem()).isEqualTo(Problem.CLOSED));
  }

  @Test
  void shouldBeClosedByWhoHearsTheLastReport() throws Exception {
    // Given
    MassCancelClient client = MassCancelClient.connect(connection);
    // When
    CompletableFuture<Void> closed =
        draft(client).dryRun(true).send().thenAccept(_ -> client.close());
    // Then
    closed.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertThatThrownBy(() -> draft(client).send().get())
        .cause()
        .isInstanceOfSatisfying(
            ClientException.class, e -> assertThat(e.problem()).isEqualTo(Problem.CLOSED));
  }

  private static List<String> ids(KillSwitchesOn switches) {
    return switches.on().stream().map(one -> one.getMass().getMassId()).toList();
  }

  private MassScope scope() {
    return MassScope.newBuilder().setVenue(VENUE).setAccount(account).build();
  }

  private MassCancelDraft draft(MassCancelClient client) {
    return client.massCancel(scope()).by("test").because("drill");
  }

  private static MassReport last(MassCancelDraft draft) throws Exception {
    return draft.send().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private OrderKey place() {
    var order = OrderKey.of(VENUE, account, UUID.randomUUID().toString().replace("-", ""));
    stack.simulator().book().place(NewOrder.of(VENUE, account, order.orderId(), "10"));
    return order;
  }

  /** To the desk's table. */
  private OrderKey known(OrderKey order) throws InterruptedException {
    try (OrderStates states = OrderStates.follow(connection, 10_000)) {
      Awaitility.await(order.key()).atMost(PATIENCE).until(() -> states.find(order).isPresent());
    }
    return order;
  }

  private long calls(OrderKey order) {
    var ref = new OrderRef(order.venue(), order.account(), order.orderId());
    return stack.simulator().journal().calls(ref).stream()
        .filter(call -> call.kind() == CallKind.CANCEL)
        .count();
  }
}
