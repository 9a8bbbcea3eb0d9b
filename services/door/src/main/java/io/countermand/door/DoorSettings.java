package io.countermand.door;

import io.countermand.client.Connection;
import io.countermand.oidc.OidcSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * @param connection rights: Write on cancel-intents, Read on cancel-outcomes, order-states and
 *     mass-cancel-reports
 * @param host address to listen on
 * @param port 0: a free one
 * @param tokens the file of {@link TokenFile}; null: none, then there is an issuer
 * @param oidc whose signed tokens count, too; null: nobody's
 * @param tls null: plain HTTP
 * @param perSecond requests of one token's name, or an issuer's subject
 * @param keepOutcomes the last so many can be asked for
 * @param keepOrders the last so many that changed can be asked for
 * @param openCancels so many cancels without an outcome are followed, and so many requests may wait
 * @param streams outcome streams at once
 * @param grace how long after its deadline an outcome is waited for
 * @param venues names that a cancel may have
 */
public record DoorSettings(
    Connection connection,
    String host,
    int port,
    @Nullable Path tokens,
    @Nullable OidcSettings oidc,
    @Nullable Tls tls,
    int perSecond,
    int keepOutcomes,
    int keepOrders,
    int openCancels,
    int streams,
    Duration grace,
    Set<String> venues) {

  public DoorSettings {
    venues = Set.copyOf(venues);
  }

  /**
   * @param keystore PKCS12, with the key and its chain
   */
  public record Tls(Path keystore, String password) {
    @Override
    public String toString() {
      return "Tls[" + keystore + "]";
    }
  }
}
