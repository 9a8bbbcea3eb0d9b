package io.countermand.bench.peers;

import io.countermand.bench.call.IntentCall;
import io.countermand.bench.call.ParentPipe;
import io.countermand.bench.call.PeerSettings;
import java.nio.file.Path;

/** Starts one peer, which lives until standard input ends. */
public final class PeerMain {

  private PeerMain() {}

  /** Two arguments: the peer's name, and the file of its {@link PeerSettings}. */
  public static void main(String[] args) throws Exception {
    PeerSettings settings = PeerSettings.read(Path.of(args[1]));
    IntentCall call = new IntentCall(settings);
    switch (args[0]) {
      case "floor" -> Thread.ofPlatform().start(new BareConsumer(settings, call));
      case "share-consumer" -> Thread.ofPlatform().start(new ShareLoop(settings, call));
      case "streams-sync" -> StreamsSync.start(settings, call);
      default -> throw new IllegalArgumentException("no such peer: " + args[0]);
    }
    ParentPipe.await();
    Runtime.getRuntime().halt(0); // its state is nobody's concern any more
  }
}
