package io.countermand.venues.crosstrade;

import io.countermand.venues.Secret;
import java.net.URI;
import java.util.Arrays;
import java.util.List;

/** A webhook's URL: who knows the ids in its path has half of what a command needs. */
final class WebhookUrl {

  /** The documented parts; whatever else stands in a path is taken for an id. */
  private static final List<String> PUBLIC = List.of("", "v1", "send", "webhook", "webhooks");

  /** A shorter one would take innocent text out of answers, and is none anyway. */
  private static final int SHORTEST = 4;

  private WebhookUrl() {}

  static List<Secret> ids(URI url) {
    String path = url.getPath() == null ? "" : url.getPath();
    return Arrays.stream(path.split("/", -1))
        .filter(part -> part.length() >= SHORTEST && !PUBLIC.contains(part))
        .map(Secret::of)
        .toList();
  }

  static String show(URI url) {
    return url.getScheme() + "://" + url.getAuthority() + "/***";
  }
}
