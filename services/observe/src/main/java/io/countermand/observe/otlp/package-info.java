/** Spans, exported by OpenTelemetry's SDK over OTLP where that is configured. */
package io.countermand.observe.otlp;
