package io.countermand.app.demo;

/** A venue instance that the demo cancels at. */
public record DemoVenue(String name, String adapter) {}
