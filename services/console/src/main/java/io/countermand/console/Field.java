package io.countermand.console;

/** A name and what it holds, as text. */
public record Field(String name, String value) {}
