package io.countermand.codec;

import static io.countermand.codec.Values.all;
import static io.countermand.codec.Values.decimal;
import static io.countermand.codec.Values.micros;
import static io.countermand.codec.Values.name;
import static io.countermand.codec.Values.named;

import io.countermand.domain.CancelResult;
import io.countermand.domain.Reason;
import io.countermand.domain.lifecycle.Finding;
import io.countermand.domain.lifecycle.FindingKind;
import io.countermand.domain.order.OrdStatus;
import io.countermand.events.OutcomeFinding;

/** Findings between domain and Avro. */
public final class FindingCodec {

  private FindingCodec() {}

  public static OutcomeFinding toAvro(Finding finding) {
    return OutcomeFinding.newBuilder()
        .setCancel(IntentCodec.toAvro(finding.cancel()))
        .setResult(name(finding.result(), io.countermand.events.CancelResult.class))
        .setReason(name(finding.reason(), io.countermand.events.Reason.class))
        .setDecidedAt(micros(finding.decidedAt()))
        .setKind(name(finding.kind(), io.countermand.events.FindingKind.class))
        .setOrdStatus(named(finding.ordStatus(), io.countermand.events.OrdStatus.class))
        .setExecutedQty(decimal(finding.cumQty()))
        .setDisputed(finding.disputed())
        .setText(finding.text())
        .setEvidence(all(finding.evidence(), IntentCodec::toAvro))
        .setFoundAt(micros(finding.foundAt()))
        .build();
  }

  public static Finding fromAvro(OutcomeFinding finding) {
    return new Finding(
        IntentCodec.fromAvro(finding.getCancel()),
        name(finding.getResult(), CancelResult.class),
        name(finding.getReason(), Reason.class),
        finding.getDecidedAt(),
        name(finding.getKind(), FindingKind.class),
        named(finding.getOrdStatus(), OrdStatus.class),
        decimal(finding.getExecutedQty()),
        finding.getDisputed(),
        finding.getText(),
        all(finding.getEvidence(), IntentCodec::fromAvro),
        finding.getFoundAt());
  }
}
