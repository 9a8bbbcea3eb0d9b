package io.countermand.app.doctor;

import io.countermand.venues.Probe;
import io.countermand.venues.Probe.Credential;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What was looked at, and what is wrong with it. */
public final class Diagnosis {

  private final List<Finding> findings = new ArrayList<>();

  /** WRONG: mend it. NOTE: worth knowing, or cannot be seen from here; the rest is well. */
  public enum Status {
    OK,
    NOTE,
    WRONG
  }

  /**
   * One thing.
   *
   * @param check its name, which stays
   * @param where topic, subject, venue, file; empty: the check says it
   * @param what a sentence for people
   * @param todo what to do; empty: nothing
   * @param credential null: the check tries none
   */
  public record Finding(
      String check,
      Status status,
      String where,
      String what,
      String todo,
      @Nullable Credential credential) {

    private Finding(String check, Status status, String where, String what, String todo) {
      this(check, status, where, what, todo, null);
    }

    /** A line for people. */
    public String line() {
      return "%-5s %-16s %s%s%s"
          .formatted(
              status,
              check,
              where.isEmpty() ? "" : where + ": ",
              what,
              todo.isEmpty() ? "" : "; " + todo);
    }
  }

  void ok(String check, String what) {
    findings.add(new Finding(check, Status.OK, "", what, ""));
  }

  void note(String check, String where, String what, String todo) {
    findings.add(new Finding(check, Status.NOTE, where, what, todo));
  }

  void wrong(String check, String where, String what, String todo) {
    findings.add(new Finding(check, Status.WRONG, where, what, todo));
  }

  /** A venue that is at work, but whose credential was not tried, is a note. */
  void venue(String name, String url, VenueProbe asked) {
    Probe probe = asked.probe();
    boolean tried = asked.untried().isEmpty() && probe.todo().isEmpty();
    Status status = !probe.ok() ? Status.WRONG : tried ? Status.OK : Status.NOTE;
    findings.add(
        new Finding(
            "venues." + name,
            status,
            status == Status.OK ? "" : url,
            probe.detail(),
            Stream.of(probe.todo(), asked.untried())
                .filter(each -> !each.isEmpty())
                .collect(Collectors.joining("; ")),
            probe.credential()));
  }

  public List<Finding> findings() {
    return List.copyOf(findings);
  }

  /** Whether nothing is wrong. */
  public boolean well() {
    return findings.stream().noneMatch(each -> each.status() == Status.WRONG);
  }

  /** Whether nothing of that name is wrong. */
  boolean well(String check) {
    return findings.stream()
        .noneMatch(each -> each.status() == Status.WRONG && each.check().equals(check));
  }
}
