package io.countermand.app.lookup;

import io.countermand.app.cli.ConfigOption;
import io.countermand.app.cli.JsonOption;
import io.countermand.app.cli.OutcomeText;
import io.countermand.app.cli.TimeArguments;
import io.countermand.app.config.Settings;
import io.countermand.app.lookup.DeadLetterBox.Entry;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dead-letters}. */
@Command(
    name = "dead-letters",
    mixinStandardHelpOptions = true,
    description = "Lists and shows records that could not be used, and sends them once more.",
    synopsisSubcommandLabel = "COMMAND")
public final class DeadLettersCommand implements Runnable {

  private static final int MOST_RATE = 1_000;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "list, show or requeue?");
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "One line each: its place, where it came from, why.")
  int list(
      @Mixin ConfigOption option,
      @Option(
              names = "--from",
              paramLabel = "WHEN",
              description = "Only later ones: a time in UTC or how long ago (2h). Default: all.")
          @Nullable String from,
      @Option(names = "--topic", paramLabel = "T", description = "Only those from this topic.")
          @Nullable String topic,
      @Option(names = "--json", description = "One JSON object a line.") boolean json) {
    try (var box = new DeadLetterBox(Settings.brief(option.load()))) {
      for (Entry each : box.entries(TimeArguments.parse("--from", from))) {
        if (topic == null || topic.equals(each.letter().getSource().getTopic())) {
          out().println(json ? OutcomeText.write(fields(each, false)) : line(each));
        }
      }
      return 0;
    }
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "All of one dead letter as JSON, key and value in base64.")
  int show(
      @Mixin ConfigOption option,
      @Parameters(
              paramLabel = "PLACE",
              description = "Its own place (dead-letters-0@17) or its source's.")
          String place,
      @Option(names = "--json", description = "As always: it prints JSON by itself.")
          boolean json) {
    try (var box = new DeadLetterBox(Settings.brief(option.load()))) {
      List<Entry> found = find(box, List.of(place));
      found.forEach(each -> out().println(OutcomeText.write(fields(each, true))));
      return 0;
    }
  }

  @Command(
      name = "requeue",
      mixinStandardHelpOptions = true,
      description =
          "Sends records once more to the topics that they came from, as they were, with who and why"
              + " in their headers. Mend the reason first, or they come back. An intent whose"
              + " own deadline has passed is answered as such; one without a deadline is called, however"
              + " old it is.")
  int requeue(
      @Mixin ConfigOption option,
      @Parameters(arity = "1..*", paramLabel = "PLACE", description = "As for show.")
          List<String> places,
      @Option(
              names = "--why",
              required = true,
              paramLabel = "TEXT",
              description = "Kept with each record.")
          String why,
      @Option(
              names = "--rate",
              paramLabel = "N",
              defaultValue = "10",
              description = "So many a second at the most. Default: 10.")
          int rate,
      @Mixin JsonOption json)
      throws InterruptedException {
    if (rate < 1 || rate > MOST_RATE) {
      throw new ParameterException(spec.commandLine(), "--rate must be 1 to " + MOST_RATE);
    }
    String who = System.getProperty("user.name");
    try (var box = new DeadLetterBox(Settings.brief(option.load()))) {
      List<Entry> found = find(box, places);
      long next = System.nanoTime();
      for (Entry each : found) {
        TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
        var at = box.requeue(each, who, why);
        // From when it was sent: after a slow one there is nothing to make up for.
        next = System.nanoTime() + TimeUnit.SECONDS.toNanos(1) / rate;
        if (json.on()) {
          Map<String, @Nullable Object> fields = new LinkedHashMap<>();
          fields.put("place", each.place());
          fields.put("source", each.source());
          fields.put("sentAs", List.of(at.topic(), at.partition(), at.offset()));
          JsonOption.print(out(), fields);
          continue;
        }
        out()
            .println(
                each.place()
                    + " sent again as "
                    + at.topic()
                    + "-"
                    + at.partition()
                    + "@"
                    + at.offset());
      }
      return 0;
    }
  }

  private List<Entry> find(DeadLetterBox box, List<String> places) {
    List<Entry> all = box.entries(null);
    for (String place : places) {
      if (all.stream().noneMatch(each -> each.named(place))) {
        throw new ParameterException(
            spec.commandLine(), "no dead letter is, or came from, " + place + "; nothing was sent");
      }
    }
    return all.stream().filter(each -> places.stream().anyMatch(each::named)).toList();
  }

  private static String line(Entry each) {
    return "%s %s from %s %s: %s"
        .formatted(
            each.letter().getAt(),
            each.place(),
            each.source(),
            each.letter().getReason(),
            each.letter().getText());
  }

  private static Map<String, @Nullable Object> fields(Entry each, boolean whole) {
    var letter = each.letter();
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("place", each.place());
    fields.put("source", each.source());
    fields.put("reason", letter.getReason().name());
    fields.put("text", letter.getText());
    fields.put("by", letter.getBy());
    fields.put("at", letter.getAt().toString());
    fields.put("recordTime", letter.getTimestamp().toString());
    fields.put("valueSize", letter.getValueSize());
    if (whole) {
      fields.put("key", base64(letter.getKey()));
      fields.put("value", base64(letter.getValue()));
    }
    return fields;
  }

  private static @Nullable String base64(@Nullable ByteBuffer bytes) {
    return bytes == null
        ? null
        : new String(
            Base64.getEncoder().encode(bytes.duplicate()).array(),
            java.nio.charset.StandardCharsets.US_ASCII);
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
