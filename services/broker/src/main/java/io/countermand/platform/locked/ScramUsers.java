package io.countermand.platform.locked;

import io.countermand.platform.PlatformException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;

/** Tells a cluster its users' SCRAM-SHA-512 passwords; in no process' arguments. */
public final class ScramUsers {

  private static final int ITERATIONS = 4096;

  private ScramUsers() {}

  /**
   * Returns when the cluster has them. A broker may need a moment more to take them.
   *
   * @param admin of a super user
   * @throws PlatformException when the cluster refuses or does not answer
   */
  public static void tell(Admin admin, Collection<Login> logins) {
    List<UserScramCredentialAlteration> all = new ArrayList<>();
    for (Login each : logins) {
      all.add(
          new UserScramCredentialUpsertion(
              each.user(),
              new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, ITERATIONS),
              each.kafka()));
    }
    try {
      admin.alterUserScramCredentials(all).all().get();
    } catch (ExecutionException e) {
      throw new PlatformException("Users cannot be made: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlatformException("Interrupted while users were made.", e);
    }
  }
}
