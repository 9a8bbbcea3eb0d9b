// Over 300 lines: one life of a task, what it reads, keeps, writes and loses; all change together.
package io.countermand.simulation.switches;

import io.countermand.domain.Cancel;
import io.countermand.domain.Intent;
import io.countermand.domain.IntentCheck;
import io.countermand.domain.decision.DeskOrder;
import io.countermand.domain.decision.DeskRules;
import io.countermand.domain.mass.Freeze;
import io.countermand.domain.mass.FreezeSteps;
import io.countermand.domain.mass.KillSwitch;
import io.countermand.domain.mass.MassCancel;
import io.countermand.domain.mass.MassIntents;
import io.countermand.domain.mass.MassPart;
import io.countermand.domain.mass.OrderKeys;
import io.countermand.domain.mass.SwitchWatch;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrderFold;
import io.countermand.domain.order.OrderRef;
import io.countermand.domain.order.OrderState;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A desk's task: at-least-once. What it forwards becomes durable later, in order for each topic;
 * what was not is lost in a crash. Then it begins again where it had committed; each of its stores
 * may be ahead of that. Or a group that starts anew has it, with nothing.
 */
final class SwitchTask {

  private static final IntentCheck CHECK =
      new IntentCheck(Duration.ofMinutes(1), Duration.ofHours(1));
  private static final DeskRules RULES =
      new DeskRules(Set.of("v", SwitchWorld.CLOSING), Duration.ofSeconds(5));

  /** What survives, as far as it was written. */
  private static final class Kept {

    private TreeMap<String, DeskOrder> table = new TreeMap<>();
    private TreeMap<String, SwitchWatch.Row> switches = new TreeMap<>();
    private TreeMap<String, MassCancel> freezes = new TreeMap<>();
    private int events;
    private int commands;
    private int intents;

    Kept copy() {
      var copy = new Kept();
      copy.table = new TreeMap<>(table);
      copy.switches = new TreeMap<>(switches);
      copy.freezes = new TreeMap<>(freezes);
      copy.events = events;
      copy.commands = commands;
      copy.intents = intents;
      return copy;
    }
  }

  private static final class Run {

    private final Freeze freeze;
    private final FreezeSteps steps = new FreezeSteps();
    private final int end;

    Run(MassCancel mass, int end) {
      this.freeze = new Freeze(mass, Set.of(SwitchWorld.CLOSING));
      this.end = end;
    }
  }

  private record Part(String massId, MassPart.Frozen frozen) {}

  private final SwitchWorld world;
  private final SwitchWorld.Partition partition;
  private Kept is = new Kept();
  private Kept committed = new Kept();
  private boolean dirty;
  private final Map<String, Run> runs = new LinkedHashMap<>();
  private final Deque<SwitchWorld.Asked> intents = new ArrayDeque<>();
  private final Deque<Part> parts = new ArrayDeque<>();
  private SwitchWatch watch = new SwitchWatch(Set.of());

  /** Releases that it was told of in this life, or before its last commit. */
  private final Set<String> offKnown = new HashSet<>();

  private final Set<String> offCommitted = new HashSet<>();
  private boolean alarmed;
  private int life;
  private int written;

  /** Since when the group has offsets: a process of it can have started then. */
  private int since;

  SwitchTask(SwitchWorld world, SwitchWorld.Partition partition) {
    this.world = world;
    this.partition = partition;
    start(List.of());
  }

  /** One step; false: nothing to do. */
  boolean step() {
    if (!world.calm && world.chance(60)) {
      crash(world.chance(200));
      return true;
    }
    if (is.commands < partition.commands.size() && (world.calm || world.chance(400))) {
      command(partition.commands.get(is.commands++));
      return true;
    }
    if (is.intents < partition.intents.size() && (world.calm || world.chance(400))) {
      intent(partition.intents.get(is.intents).intent(), is.intents++);
      return true;
    }
    if (is.events < partition.events.size() && (world.calm || world.chance(500))) {
      event(partition.events.get(is.events));
      return true;
    }
    if (!alarmed || world.chance(200)) {
      alarmed = true;
      freezes();
      alarm();
    }
    return flush() || freezes() || alarm() || commit();
  }

  private boolean flush() {
    if (!intents.isEmpty() && (world.calm || parts.isEmpty() || world.chance(500))) {
      SwitchWorld.Asked next = intents.removeFirst();
      partition.intents.add(next);
      world.say("intent " + next.intent().massId() + " " + next.intent().order().key());
    } else if (!parts.isEmpty()) {
      Part next = parts.removeFirst();
      world
          .parts
          .computeIfAbsent(next.massId(), _ -> new java.util.ArrayList<>())
          .add(next.frozen());
      world.say("told by " + partition.number + " " + next.massId());
    } else {
      return false;
    }
    freezes();
    return true;
  }

  private void command(SwitchWorld.Command record) {
    dirty = true;
    String releases = record.mass().releases();
    if (releases != null) {
      offKnown.add(releases);
    }
    world.say("read by " + partition.number + ": " + record.mass().massId());
    MassCancel mass = world.conduct.understood(record.mass());
    if (mass == null) {
      return;
    }
    SwitchWatch.Heard heard = watch.command(mass, SwitchWorld.instant(record.at()), world.time());
    SwitchWatch.Row keep = heard.keep();
    if (keep != null) {
      keep(keep);
    }
    MassCancel open = heard.freezes();
    if (open != null) {
      freeze(open);
    }
  }

  private void keep(SwitchWatch.Row row) {
    dirty = true;
    is.switches.put(row.one().mass().massId(), row);
  }

  private void freeze(MassCancel mass) {
    is.freezes.put(mass.massId(), mass);
    runs.put(mass.massId(), new Run(mass, partition.events.size()));
    freezes();
  }

  private void intent(Intent intent, int offset) {
    dirty = true;
    if (CHECK.check(intent, new Evidence("cancel-intents", partition.number, offset), world.time())
        instanceof IntentCheck.WellFormed(Cancel cancel)) {
      String key = intent.order().key();
      DeskOrder known = row(key);
      is.table.put(key, RULES.apply(known, cancel, RULES.decide(known, cancel, world.time())));
    }
  }

  private void event(SwitchWorld.Told told) {
    dirty = true;
    OrderRef order = told.event().order();
    DeskOrder before = row(order.key());
    OrderState state = OrderFold.fold(before.order(), told.event(), partition.event(is.events));
    DeskOrder known = before.withOrder(state);
    is.table.put(order.key(), known);
    world.say(
        partition.number
            + " reads "
            + order.key()
            + " "
            + told.event().ordStatus()
            + (state.certainlyEnded() ? ": over" : ""));
    is.events++;
    for (Intent intent :
        world.conduct.folded(watch, order, before, known, world.time(), this::looked)) {
      write(intent, true);
    }
    freezes();
  }

  private boolean looked(String massId) {
    Run run = runs.get(massId);
    return run == null || run.steps.whole();
  }

  private DeskOrder row(String key) {
    return is.table.getOrDefault(key, DeskOrder.NONE);
  }

  private void write(Intent intent, boolean watched) {
    String massId = Objects.requireNonNull(intent.massId());
    intents.add(
        new SwitchWorld.Asked(
            world.conduct.written(intent, written++), life, watched, offKnown.contains(massId)));
  }

  private boolean alarm() {
    List<MassCancel> begun = watch.begin(world.time());
    begun.forEach(this::freeze);
    List<SwitchWatch.Row> rows = begun.isEmpty() ? watch.readUp(runs::containsKey) : List.of();
    rows.forEach(this::keep);
    return !begun.isEmpty() || !rows.isEmpty();
  }

  private boolean freezes() {
    boolean did = false;
    for (Run run : List.copyOf(runs.values())) {
      did |= goOn(run);
    }
    return did;
  }

  private boolean goOn(Run run) {
    MassCancel mass = run.freeze.mass();
    boolean did = false;
    while (true) {
      boolean over = world.conduct.over(watch, mass, world.time());
      boolean durable = intents.isEmpty() && parts.isEmpty();
      switch (run.steps.next(over, is.events >= run.end, durable)) {
        case CANCEL -> cancel(run);
        case TELL -> tell(run);
        case DROP -> {
          runs.remove(mass.massId());
          is.freezes.remove(mass.massId());
          dirty = true;
          return true;
        }
        case WAIT -> {
          return did;
        }
      }
      did = true;
    }
  }

  private void cancel(Run run) {
    is.table.forEach(
        (key, row) -> {
          OrderRef order = Objects.requireNonNull(OrderKeys.parse(key));
          if (row.order() != null && run.freeze.take(order, row.order())) {
            write(MassIntents.intent(run.freeze.mass(), order), false);
          }
        });
  }

  private void tell(Run run) {
    String massId = run.freeze.mass().massId();
    if (run.steps.late()) {
      world.late.add(List.of(massId, partition.number));
    }
    parts.add(
        new Part(
            massId,
            new MassPart.Frozen(
                partition.number,
                Set.of("v", SwitchWorld.CLOSING),
                run.freeze.orders(),
                true,
                run.freeze.accounts(),
                List.of(),
                run.steps.late())));
  }

  /** All that was sent before is durable. */
  private boolean commit() {
    if (!dirty) {
      return false;
    }
    dirty = false;
    committed = is.copy();
    offCommitted.addAll(offKnown);
    check();
    return true;
  }

  /** What it watches, has read and shows as open, has its cancel in the log. */
  private void check() {
    for (KillSwitch one : world.switches.values()) {
      String massId = one.mass().massId();
      SwitchWatch.Row row = is.switches.get(massId);
      boolean watches =
          row != null
              && row.one().on()
              && !row.reads()
              && !runs.containsKey(massId)
              && partition.fired(massId) < is.commands;
      if (watches && one.on() && !world.late.contains(List.of(massId, partition.number))) {
        is.table.forEach(
            (key, known) ->
                world.must(
                    !lacks(one, Objects.requireNonNull(OrderKeys.parse(key)), known),
                    key + " is open under " + massId + " when it commits, and has no cancel"));
      }
    }
  }

  /** By the table, and by what was read: the table may be ahead of that. */
  private boolean lacks(KillSwitch one, OrderRef order, DeskOrder known) {
    return wanted(one, order, known.order())
        && partition.intents.stream()
            .noneMatch(
                asked ->
                    asked.intent().order().equals(order)
                        && one.mass().massId().equals(asked.intent().massId()))
        && wanted(one, order, partition.orders(is.events).get(order));
  }

  private static boolean wanted(KillSwitch one, OrderRef order, @Nullable OrderState state) {
    return state != null
        && !state.certainlyEnded()
        && SwitchWorld.means(one.mass(), order, state.details());
  }

  /** Lost state: a group that starts anew, at what retention has left. */
  void crash(boolean lost) {

    intents.clear();
    parts.clear();
    runs.clear();
    offKnown.clear();
    life++;
    if (lost) {
      since = world.now;
      offCommitted.clear();
      is = new Kept();
    } else {
      Kept was = is;
      is = committed.copy();
      is.table = world.chance(300) ? was.table : is.table;
      is.switches = world.chance(300) ? was.switches : is.switches;
      is.freezes = world.chance(300) ? was.freezes : is.freezes;
    }
    boolean newProcess = lost || world.chance(500);
    if (newProcess && world.chance(500)) { // it was away for so long: no process of it is left
      since = world.now;
      int left = mayLose() - partition.commandsStart;
      partition.commandsStart += world.random.nextInt(Math.max(0, left) + 1);
    }
    is.commands = Math.max(is.commands, partition.commandsStart);
    committed = is.copy();
    offKnown.addAll(offCommitted);
    int read = newProcess ? world.now : since + world.random.nextInt(world.now - since + 1);
    world.say(
        (lost ? "new group for " : newProcess ? "crash of " : "another owner of ")
            + partition.number
            + ", knows kill-switches of "
            + read
            + ", reads commands from "
            + is.commands
            + ", keeps "
            + is.switches.keySet()
            + ", freezes "
            + is.freezes.keySet());
    start(world.conduct.known(world.shown(read)));
  }

  /**
   * How many commands retention may have taken: none that a store knows and the offsets do not, as
   * if the task had died while it committed, and for days.
   */
  private int mayLose() {
    for (int offset = is.commands; offset < partition.commands.size(); offset++) {
      if (is.switches.containsKey(partition.commands.get(offset).mass().massId())) {
        return offset;
      }
    }
    return partition.commands.size();
  }

  private void start(List<KillSwitch> known) {
    alarmed = false;
    watch = new SwitchWatch(Set.of(SwitchWorld.CLOSING));
    for (SwitchWatch.Row row : is.switches.values()) {
      SwitchWatch.Row found = world.conduct.kept(row);
      if (found != null) {
        watch.kept(found);
      }
    }
    watch.known(known).forEach(this::keep);
    known.stream().filter(one -> !one.on()).forEach(one -> offKnown.add(one.mass().massId()));
    is.freezes
        .values()
        .forEach(mass -> runs.put(mass.massId(), new Run(mass, partition.events.size())));
    dirty = true;
  }
}
