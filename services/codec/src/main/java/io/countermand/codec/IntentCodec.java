package io.countermand.codec;

import static io.countermand.codec.Values.map;
import static io.countermand.codec.Values.micros;
import static io.countermand.codec.Values.microsOrNull;

import io.countermand.domain.Cancel;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.Intent;
import io.countermand.domain.RequestKind;
import io.countermand.domain.Requester;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrderRef;
import io.countermand.events.CancelIntent;

/** Intents, cancels and requests between domain and Avro. */
public final class IntentCodec {

  private IntentCodec() {}

  public static CancelIntent toAvro(Intent intent) {
    return CancelIntent.newBuilder()
        .setCancelId(intent.cancelId())
        .setVenue(intent.order().venue())
        .setAccount(intent.order().account())
        .setOrderId(intent.order().orderId())
        .setOrderName(intent.orderName())
        .setStrategyId(intent.strategyId())
        .setClOrdId(intent.clOrdId())
        .setDeadline(microsOrNull(intent.deadline()))
        .setOverride(intent.override())
        .setIsAutomated(intent.isAutomated())
        .setRequester(map(intent.requester(), IntentCodec::requester))
        .setPriority(intent.priority())
        .setAttributes(intent.attributes())
        .setCreatedAt(micros(intent.createdAt()))
        .setMassId(intent.massId())
        .build();
  }

  public static Intent fromAvro(CancelIntent intent) {
    return new Intent(
        intent.getCancelId(),
        new OrderRef(intent.getVenue(), intent.getAccount(), intent.getOrderId()),
        intent.getOrderName(),
        intent.getStrategyId(),
        intent.getClOrdId(),
        intent.getDeadline(),
        intent.getOverride(),
        intent.getIsAutomated(),
        map(intent.getRequester(), IntentCodec::requester),
        intent.getPriority(),
        intent.getAttributes(),
        intent.getCreatedAt(),
        intent.getMassId());
  }

  public static io.countermand.events.Cancel toAvro(Cancel cancel) {
    return new io.countermand.events.Cancel(
        cancel.cancelId(),
        cancel.order().venue(),
        cancel.order().account(),
        cancel.order().orderId(),
        cancel.orderName(),
        cancel.strategyId(),
        cancel.clOrdId(),
        cancel.override(),
        cancel.isAutomated(),
        map(cancel.requester(), IntentCodec::requester),
        cancel.priority(),
        micros(cancel.createdAt()),
        micros(cancel.deadline()),
        micros(cancel.receivedAt()),
        toAvro(cancel.intent()),
        cancel.digest(),
        cancel.massId());
  }

  public static Cancel fromAvro(io.countermand.events.Cancel cancel) {
    return new Cancel(
        cancel.getCancelId(),
        new OrderRef(cancel.getVenue(), cancel.getAccount(), cancel.getOrderId()),
        cancel.getOrderName(),
        cancel.getStrategyId(),
        cancel.getClOrdId(),
        cancel.getOverride(),
        cancel.getIsAutomated(),
        map(cancel.getRequester(), IntentCodec::requester),
        cancel.getPriority(),
        cancel.getCreatedAt(),
        cancel.getDeadline(),
        cancel.getReceivedAt(),
        fromAvro(cancel.getIntent()),
        cancel.getDigest(),
        cancel.getMassId());
  }

  public static io.countermand.events.CancelRequest toAvro(CancelRequest request) {
    return new io.countermand.events.CancelRequest(
        toAvro(request.cancel()),
        Values.name(request.kind(), io.countermand.events.RequestKind.class),
        request.attemptNo(),
        request.continuation(),
        micros(request.requestedAt()),
        map(request.follows(), IntentCodec::toAvro));
  }

  public static CancelRequest fromAvro(io.countermand.events.CancelRequest request) {
    return new CancelRequest(
            fromAvro(request.getCancel()),
            Values.name(request.getKind(), RequestKind.class),
            request.getAttemptNo(),
            request.getContinuation(),
            request.getRequestedAt())
        .following(map(request.getFollows(), IntentCodec::fromAvro));
  }

  public static io.countermand.events.Evidence toAvro(Evidence evidence) {
    return new io.countermand.events.Evidence(
        evidence.topic(), evidence.partition(), evidence.offset());
  }

  public static Evidence fromAvro(io.countermand.events.Evidence evidence) {
    return new Evidence(evidence.getTopic(), evidence.getPartition(), evidence.getOffset());
  }

  private static io.countermand.events.Requester requester(Requester who) {
    return new io.countermand.events.Requester(
        who.algorithm(), who.trader(), who.desk(), who.client(), who.reason());
  }

  private static Requester requester(io.countermand.events.Requester who) {
    return new Requester(
        who.getAlgorithm(), who.getTrader(), who.getDesk(), who.getClient(), who.getReason());
  }
}
