package io.countermand.simulation.mass;

import io.countermand.domain.mass.Freeze;
import io.countermand.domain.mass.FreezeSteps;
import io.countermand.domain.mass.MassPart;
import io.countermand.domain.order.OrderFold;
import io.countermand.domain.order.OrderRef;
import io.countermand.domain.order.OrderState;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A desk's task: at-least-once. What it forwards becomes durable later, in order for each topic;
 * what was not is lost in a crash. Then it begins again where it had committed; its table may be
 * ahead of that.
 */
final class MassTask {

  private final MassWorld world;
  private final MassWorld.Partition partition;

  private TreeMap<String, OrderState> table = new TreeMap<>();
  private int position;
  private boolean commandRead;
  private boolean kept;

  private TreeMap<String, OrderState> committedTable = new TreeMap<>();
  private int committedPosition;
  private boolean committedCommand;
  private boolean committedKept;

  private @Nullable Freeze freeze;
  private @Nullable FreezeSteps steps;
  private int end;
  private final Deque<MassWorld.Asked> intents = new ArrayDeque<>();
  private final Deque<MassPart.Frozen> parts = new ArrayDeque<>();
  private @Nullable Freeze told;
  private int asked;

  MassTask(MassWorld world, MassWorld.Partition partition) {
    this.world = world;
    this.partition = partition;
  }

  /** One step; false: nothing to do. */
  boolean step() {
    if (!world.calm && world.chance(60)) {
      crash();
      return true;
    }
    if (partition.commanded >= 0 && !commandRead && (world.calm || world.chance(300))) {
      commandRead = true;
      kept = world.conduct.keeps();
      begin();
      goOn();
      return true;
    }
    if (position < partition.events.size() && (world.calm || world.chance(500))) {
      MassWorld.Told told = partition.events.get(position);
      String key = told.event().order().key();
      table.put(
          key, OrderFold.fold(table.get(key), told.event(), MassWorld.at(partition, position)));
      position++;
      goOn();
      return true;
    }
    if (!intents.isEmpty() && (world.calm || parts.isEmpty() || world.chance(500))) {
      MassWorld.Asked next = intents.removeFirst();
      partition.intents.add(new MassWorld.Asked(next.order(), next.cancelId(), world.now));
      world.say("intent " + next.order().key());
      goOn();
      return true;
    }
    if (!parts.isEmpty()) {
      world.parts.add(parts.removeFirst());
      partition.told = world.now;
      world.say("told by " + partition.number);
      goOn();
      return true;
    }
    return goOn() || commit();
  }

  private boolean commit() {
    if (committedPosition == position && committedCommand == commandRead && committedKept == kept) {
      return false;
    }
    committedTable = new TreeMap<>(table);
    committedPosition = position;
    committedCommand = commandRead;
    committedKept = kept;
    return true;
  }

  private void crash() {
    world.say("crash of " + partition.number);
    intents.clear();
    parts.clear();
    boolean ahead = world.chance(300);
    table = ahead ? table : new TreeMap<>(committedTable);
    kept = ahead ? kept : committedKept;
    position = committedPosition;
    commandRead = committedCommand;
    freeze = null;
    steps = null;
    told = null;
    if (kept) {
      begin();
    }
  }

  private void begin() {
    freeze = world.conduct.freeze(world.mass);
    steps = new FreezeSteps();
    end = partition.events.size();
  }

  private boolean goOn() {
    if (told != null && world.conduct.looksOn()) {
      cancel(told);
    }
    if (freeze == null || steps == null) {
      return false;
    }
    boolean over = !world.time().isBefore(Objects.requireNonNull(world.mass.deadline()));
    boolean did = false;
    while (true) {
      boolean durable = intents.isEmpty() && parts.isEmpty();
      switch (world.conduct.next(steps, over, position >= end, durable)) {
        case CANCEL -> cancel(freeze);
        case TELL -> parts.add(scope(freeze, steps));
        case DROP -> {
          told = freeze;
          freeze = null;
          steps = null;
          kept = false;
          return true;
        }
        case WAIT -> {
          return did;
        }
      }
      did = true;
    }
  }

  private void cancel(Freeze its) {
    for (OrderRef order : partition.orders) {
      OrderState row = table.get(order.key());
      if (row != null && world.conduct.take(its, order, row)) {
        String id = world.conduct.cancelId(world.mass, order, asked++);
        intents.add(new MassWorld.Asked(order, id, 0));
      }
    }
  }

  private MassPart.Frozen scope(Freeze its, FreezeSteps done) {
    return new MassPart.Frozen(
        partition.number, Set.of("v"), its.orders(), true, its.accounts(), List.of(), done.late());
  }
}
