package io.countermand.app.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countermand.app.config.Config;
import io.countermand.observe.Health;
import io.countermand.observe.OpsPort;
import io.countermand.observe.RoleInstance;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicySpec;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code infra/kubernetes}, without a cluster. */
class ManifestsTest {

  /** What a container may be told in plain text; all else comes by reference. */
  private static final Set<String> PLAIN =
      Set.of("COUNTERMAND_CONFIG", "COUNTERMAND_STATE_DIR", "COUNTERMAND_JAVA_OPTS");

  /** StreamsRole's CLOSE_WITHIN. */
  private static final Duration STREAMS_CLOSE = Duration.ofSeconds(20);

  private static final RoleInstance ROLE = RoleInstance.of("desk");

  @Test
  void shouldListEveryFile() throws Exception {
    for (Path directory : List.of(Manifests.BASE, Manifests.EXAMPLE)) {
      // When
      Manifests.Kustomization listed = Manifests.kustomization(directory);

      // Then
      Set<String> named = new TreeSet<>(Set.of("kustomization.yaml"));
      listed.resources().stream().filter(name -> !name.startsWith("..")).forEach(named::add);
      listed.configMapGenerator().forEach(each -> named.addAll(each.files()));
      Stream.ofNullable(listed.patches()).flatMap(List::stream).forEach(p -> named.add(p.path()));
      try (Stream<Path> files = Files.list(directory)) {
        assertThat(files.map(file -> file.getFileName().toString()))
            .containsExactlyInAnyOrderElementsOf(named);
      }
    }
    assertThat(Manifests.kustomization(Manifests.EXAMPLE).images())
        .allSatisfy(image -> assertThat(image.name()).isEqualTo("countermand"));
  }

  @Test
  void shouldRefuseAFieldThatItsTypeDoesNotHave() {
    // Given
    Map<String, Object> wrong =
        Manifests.yaml(
            """
            apiVersion: apps/v1
            kind: StatefulSet
            spec: {template: {spec: {containers: [{name: desk, livenesProbe: {}}]}}}
            """);

    // Then
    assertThatThrownBy(() -> Manifests.typed(wrong)).hasMessageContaining("livenesProbe");
  }

  @Test
  void shouldLockEveryContainer() {
    workloads()
        .forEach(
            (name, pod) -> {
              var of = pod.getSpec().getSecurityContext();
              assertThat(of.getRunAsNonRoot()).as(name).isTrue();
              assertThat(of.getSeccompProfile().getType()).as(name).isEqualTo("RuntimeDefault");
              assertThat(pod.getSpec().getAutomountServiceAccountToken()).as(name).isFalse();
              var own = container(pod).getSecurityContext();
              assertThat(own.getAllowPrivilegeEscalation()).as(name).isFalse();
              assertThat(own.getReadOnlyRootFilesystem()).as(name).isTrue();
              assertThat(own.getCapabilities().getDrop()).as(name).containsExactly("ALL");
              assertThat(container(pod).getImage()).as(name).startsWith("countermand:");
            });
  }

  @Test
  void shouldRestartOnlyWhatHasEnded() throws Exception {
    // Given a role that runs and is not ready
    try (OpsPort ops = OpsPort.open("127.0.0.1", 0);
        HttpClient http = HttpClient.newHttpClient()) {
      ops.expect(List.of(ROLE));
      ops.add(ROLE, Health.of(() -> false, () -> List.of("a password")));

      for (PodTemplateSpec pod : workloads().values()) {
        Container container = container(pod);
        // Then
        assertThat(status(http, ops, container.getStartupProbe().getHttpGet().getPath()))
            .isEqualTo(200);
        assertThat(status(http, ops, container.getLivenessProbe().getHttpGet().getPath()))
            .isEqualTo(200);
        assertThat(status(http, ops, container.getReadinessProbe().getHttpGet().getPath()))
            .isEqualTo(503);
      }
    }
  }

  @Test
  void shouldHoldConfigurationThatTheRolesAccept() {
    assertThat(config(Manifests.BASE, Map.of()).venues()).isEmpty();
    workloads()
        .forEach(
            (name, pod) -> {
              // When
              Config config = config(Manifests.EXAMPLE, environment(pod));

              // Then
              assertThat(config.http().host()).isEqualTo("0.0.0.0");
              assertThat(container(pod).getPorts())
                  .as(name)
                  .singleElement()
                  .satisfies(
                      port -> assertThat(port.getContainerPort()).isEqualTo(config.http().port()));
              boolean streams = !name.startsWith("feed");
              Duration stop = streams ? STREAMS_CLOSE : Duration.ZERO;
              stop = name.equals("desk") ? stop.plus(config.desk().drain()) : stop;
              assertThat(pod.getSpec().getTerminationGracePeriodSeconds())
                  .as(name)
                  .isGreaterThan(stop.toSeconds());
            });
  }

  @Test
  void shouldGiveSecretsByReferenceOnly() {
    workloads()
        .forEach(
            (name, pod) -> {
              for (EnvVar each : container(pod).getEnv()) {
                if (each.getValueFrom() == null) {
                  assertThat(PLAIN).as(name).contains(each.getName());
                }
              }
              boolean calls = pod.getMetadata().getLabels().containsKey("countermand/calls-venues");
              assertThat(environment(pod).containsKey("CROSSTRADE_TOKEN"))
                  .as(name)
                  .isEqualTo(calls);
            });
  }

  @Test
  void shouldFitTheHeapIntoHalfOfTheMemory() {
    workloads()
        .forEach(
            (name, pod) -> {
              String options = environment(pod).get("COUNTERMAND_JAVA_OPTS");
              long heap = Long.parseLong(options.replaceAll(".*-Xmx(\\d+)m.*", "$1")) << 20;
              var resources = container(pod).getResources();
              BigDecimal limit = Quantity.getAmountInBytes(resources.getLimits().get("memory"));
              assertThat(limit).as(name).isGreaterThanOrEqualTo(BigDecimal.valueOf(2 * heap));
              assertThat(resources.getRequests()).as(name).containsKeys("cpu", "memory");
            });
  }

  @Test
  void shouldKeepStateOnAVolumeAndOnePodAway() {
    List<HasMetadata> all = Manifests.example();
    for (StatefulSet each : of(all, StatefulSet.class)) {
      String state = environment(each.getSpec().getTemplate()).get("COUNTERMAND_STATE_DIR");
      assertThat(each.getSpec().getVolumeClaimTemplates())
          .singleElement()
          .satisfies(
              claim ->
                  assertThat(container(each.getSpec().getTemplate()).getVolumeMounts())
                      .anySatisfy(
                          mount -> {
                            assertThat(mount.getName()).isEqualTo(claim.getMetadata().getName());
                            // Its root is another's: Kafka Streams could not set its rights.
                            assertThat(Path.of(state)).hasParentRaw(Path.of(mount.getMountPath()));
                          }));
      assertThat(of(all, PodDisruptionBudget.class))
          .anySatisfy(
              budget ->
                  assertThat(budget.getSpec().getSelector().getMatchLabels())
                      .isEqualTo(each.getSpec().getSelector().getMatchLabels()));
      assertThat(each.getSpec().getTemplate().getMetadata().getLabels())
          .containsAllEntriesOf(each.getSpec().getSelector().getMatchLabels());
    }
  }

  @Test
  void shouldDenyWhatNoPolicyAllows() {
    List<NetworkPolicy> policies = of(Manifests.base(), NetworkPolicy.class);
    assertThat(policies)
        .anySatisfy(
            policy -> {
              assertThat(policy.getSpec().getPodSelector().getMatchLabels()).isNullOrEmpty();
              assertThat(policy.getSpec().getPolicyTypes()).containsExactly("Ingress", "Egress");
              assertThat(policy.getSpec().getIngress()).isNullOrEmpty();
              assertThat(policy.getSpec().getEgress()).isNullOrEmpty();
            });
    assertThat(policies)
        .filteredOn(policy -> policy.getMetadata().getName().equals("venues"))
        .singleElement()
        .satisfies(
            policy ->
                assertThat(policy.getSpec().getPodSelector().getMatchLabels())
                    .containsEntry("countermand/calls-venues", "yes"));
  }

  /** Not ready is also who restores: nobody evicts him while another is away. */
  @Test
  void shouldEvictNobodyWhoRestoresWhileAnotherIsAway() {
    assertThat(of(Manifests.example(), PodDisruptionBudget.class))
        .hasSize(2)
        .allSatisfy(
            budget -> {
              assertThat(budget.getSpec().getMaxUnavailable().getIntVal()).isEqualTo(1);
              assertThat(budget.getSpec().getUnhealthyPodEvictionPolicy())
                  .isEqualTo("IfHealthyBudget");
            });
  }

  /** Where the configuration says that brokers and registry are, and nowhere else. */
  @Test
  void shouldAllowThePortsThatTheConfigurationNamesAndNoOther() {
    for (Path directory : List.of(Manifests.BASE, Manifests.EXAMPLE)) {
      // Given
      Config config = config(directory, Map.of());
      String brokers = config.kafka().bootstrapServers();
      URI registry = URI.create(config.registry().url());
      // When
      Map<String, Set<String>> ports = new HashMap<>();
      of(Manifests.base(), NetworkPolicy.class)
          .forEach(each -> ports.put(each.getMetadata().getName(), ports(each.getSpec())));
      // Then
      assertThat(ports)
          .containsOnly(
              Map.entry("default-deny", Set.of()),
              Map.entry("dns", Set.of("TCP 53", "UDP 53")),
              Map.entry("kafka", Set.of("TCP " + brokers.substring(brokers.indexOf(':') + 1))),
              Map.entry("registry", Set.of("TCP " + registry.getPort())),
              Map.entry("venues", Set.of("TCP 443")),
              Map.entry("metrics", Set.of("TCP " + config.http().port())));
      assertThat(registry.getScheme()).isEqualTo("https");
      assertThat(config.registry().properties())
          .containsEntry("schema.registry.ssl.endpoint.identification.algorithm", "https")
          .containsEntry(
              "schema.registry.ssl.truststore.location",
              config.kafka().properties().get("ssl.truststore.location"));
      assertThat(config.kafka().properties()).containsEntry("security.protocol", "SASL_SSL");
    }
  }

  /** Of all its rules; one without ports would allow all. */
  private static Set<String> ports(NetworkPolicySpec policy) {
    Set<String> all = new TreeSet<>();
    Stream.concat(
            policy.getIngress().stream().map(NetworkPolicyIngressRule::getPorts),
            policy.getEgress().stream().map(NetworkPolicyEgressRule::getPorts))
        .forEach(
            rule -> {
              assertThat(rule).isNotEmpty();
              rule.forEach(
                  each -> {
                    assertThat(each.getEndPort()).isNull();
                    all.add(each.getProtocol() + " " + each.getPort().getIntVal());
                  });
            });
    return all;
  }

  private static Map<String, PodTemplateSpec> workloads() {
    Map<String, PodTemplateSpec> pods = new HashMap<>();
    List<HasMetadata> all = new ArrayList<>(Manifests.example());
    of(all, StatefulSet.class)
        .forEach(each -> pods.put(each.getMetadata().getName(), each.getSpec().getTemplate()));
    of(all, Deployment.class)
        .forEach(each -> pods.put(each.getMetadata().getName(), each.getSpec().getTemplate()));
    assertThat(pods).containsOnlyKeys("desk", "ledger", "feed-crosstrade");
    return pods;
  }

  private static <T> List<T> of(List<HasMetadata> all, Class<T> type) {
    return all.stream().filter(type::isInstance).map(type::cast).toList();
  }

  private static Container container(PodTemplateSpec pod) {
    assertThat(pod.getSpec().getContainers()).hasSize(1);
    return pod.getSpec().getContainers().getFirst();
  }

  /** As the container has it; what is referred to is a word without meaning. */
  private static Map<String, String> environment(PodTemplateSpec pod) {
    Map<String, String> all = new HashMap<>();
    container(pod)
        .getEnv()
        .forEach(each -> all.put(each.getName(), each.getValue() == null ? "x" : each.getValue()));
    return all;
  }

  private static Config config(Path directory, Map<String, String> environment) {
    return Config.load(
        Optional.of(directory.resolve("countermand.yaml")),
        environment,
        Map.of(),
        venue -> environment.containsKey("CROSSTRADE_TOKEN"));
  }

  private static int status(HttpClient http, OpsPort ops, String path) throws Exception {
    return http.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ops.port() + path)).build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }
}
