package io.countermand.app.doctor;

import io.countermand.app.config.Config;
import io.countermand.app.config.ConfigException;
import io.countermand.app.config.Settings;
import io.countermand.app.rights.Rights;
import io.countermand.app.rights.Role;
import io.countermand.oidc.Issuer;
import io.countermand.oidc.IssuerException;
import io.countermand.platform.PlatformException;
import io.countermand.platform.SchemaAdmin;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.Venues;
import io.countermand.venues.limits.Limits;
import java.time.Clock;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Looks at all that a role needs, changes nothing, and says what is wrong. */
public final class Doctor {

  /** What this build is made for. */
  private static final int JAVA = 25;

  private final Diagnosis diagnosis = new Diagnosis();

  /** How much is asked of the venues. */
  public enum Probing {
    LEFT,
    /** Without a login. */
    PROBE,
    /** Each credential is tried. */
    LOG_IN
  }

  /**
   * @param load reads the configuration; told which venues' secrets are needed
   * @param venues what to ask of each venue
   * @param clock this machine's
   * @param role whose rights to topics the user of the configuration must have; null: any
   */
  public Diagnosis examine(
      Function<Predicate<String>, Config> load,
      Probing venues,
      InstantSource clock,
      @Nullable Role role)
      throws InterruptedException {
    java(Runtime.version().feature());
    Config config = config(load, role == null || role == Role.DESK || role == Role.FEED);
    if (config != null) {
      new ClusterChecks(
              Settings.connection(config),
              Settings.catalogue(config),
              clock,
              diagnosis,
              role,
              role == null ? Set.of() : new Rights(config).of(role))
          .all();
      schemas(config);
      issuer(config);
      if (venues != Probing.LEFT && diagnosis.well("config")) {
        boolean logIn = venues == Probing.LOG_IN;
        config.venues().values().forEach(venue -> probe(config, venue, logIn));
      }
    }
    return diagnosis;
  }

  private void java(int version) {
    if (version < JAVA) {
      diagnosis.wrong("java", "", "is " + version, "run it with a JDK " + JAVA);
    } else {
      diagnosis.ok("java", Runtime.version().toString());
    }
  }

  /**
   * Null: it cannot be read at all.
   *
   * @param secrets whether the venues' are needed
   */
  private @Nullable Config config(Function<Predicate<String>, Config> load, boolean secrets) {
    try {
      Config config = load.apply(_ -> secrets);
      if (secrets) { // adapters cannot be made without
        Settings.check(config);
      }
      diagnosis.ok("config", config.venues().size() + " venues are configured");
      return config;
    } catch (ConfigException e) {
      e.problems()
          .forEach(
              problem ->
                  diagnosis.wrong(
                      "config", problem.key(), problem.toString(), "`countermand config sample`"));
    }
    try {
      return load.apply(_ -> false); // a venue's secret that is missing hides nothing else
    } catch (ConfigException e) {
      return null;
    }
  }

  private void schemas(Config config) {
    List<SchemaAdmin.Subject> subjects;
    try {
      subjects =
          SchemaAdmin.check(
              config.registry().url(), config.registry().properties(), Settings.catalogue(config));
    } catch (PlatformException e) {
      diagnosis.wrong(
          "registry.reachable",
          config.registry().url(),
          String.valueOf(e.getMessage()),
          "is it running; are address and credentials right (registry.url, registry.properties)?");
      return;
    }
    diagnosis.ok("registry.reachable", config.registry().url() + " answers");
    for (SchemaAdmin.Subject subject : subjects) {
      switch (subject.status()) {
        case SAME -> {}
        case INCOMPATIBLE ->
            diagnosis.wrong(
                "schemas",
                subject.name(),
                subject.text(),
                "this build cannot run with it: use one that fits, or a registry of its own");
        default ->
            diagnosis.wrong(
                "schemas",
                subject.name(),
                "is not registered as this build has it",
                "`countermand schemas register`");
      }
    }
    if (diagnosis.well("schemas")) {
      diagnosis.ok("schemas", "all " + subjects.size() + " are registered");
    }
  }

  /** From here; what counts is whether door and console can ask it. */
  private void issuer(Config config) throws InterruptedException {
    Config.Oidc oidc = config.door().oidc();
    if (oidc != null) {
      issuer(
          "door.oidc",
          oidc.issuer(),
          () -> new Issuer(Settings.oidc(oidc)),
          "until it is mended, a door that starts lets in nobody by a token of it");
    }
    Config.ConsoleOidc people = config.console().oidc();
    if (people != null) {
      issuer(
          "console.oidc",
          people.issuer(),
          () -> new Issuer(Settings.signIns(people)),
          "until it is mended, nobody signs in there");
    }
  }

  private void issuer(String key, String name, Supplier<Issuer> made, String meanwhile)
      throws InterruptedException {
    try (var issuer = made.get()) {
      int keys = issuer.look();
      if (keys == 0) {
        diagnosis.wrong(
            key,
            name,
            "shows no key that can be used here",
            "have it sign with RS256 or PS256 (keys of 2048 bits or more), ES256 or EdDSA");
      } else {
        diagnosis.ok(key, name + " shows " + keys + " keys");
      }
    } catch (IssuerException | IllegalStateException e) {
      diagnosis.wrong(key, name, String.valueOf(e.getMessage()), meanwhile);
    }
  }

  private void probe(Config config, Config.Venue venue, boolean logIn) {
    try (VenueAdapter adapter =
        Settings.adapter(config, venue.name(), new Limits(Clock.systemUTC()), Clock.systemUTC())) {
      diagnosis.venue(
          venue.name(),
          Venues.provider(venue.adapter()).shown(venue.baseUrl()),
          VenueProbe.of(adapter, venue.timeout(), logIn));
    }
  }
}
