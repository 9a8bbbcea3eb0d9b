package io.countermand.app.kubernetes;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Kubernetes manifests, read strictly: a field that its type does not have is an error. */
final class Manifests {

  static final Path BASE = Path.of("../../infra/kubernetes/base");
  static final Path EXAMPLE = Path.of("../../infra/kubernetes/overlays/example");

  private static final Map<String, Class<? extends HasMetadata>> TYPES =
      Map.of(
          "v1/Namespace", Namespace.class,
          "v1/Service", Service.class,
          "apps/v1/StatefulSet", StatefulSet.class,
          "apps/v1/Deployment", Deployment.class,
          "policy/v1/PodDisruptionBudget", PodDisruptionBudget.class,
          "networking.k8s.io/v1/NetworkPolicy", NetworkPolicy.class);

  private static final ObjectMapper STRICT = strict();

  private Manifests() {}

  /** As much of Kustomize's own file as ours use. */
  record Kustomization(
      String apiVersion,
      String kind,
      String namespace,
      List<String> resources,
      List<Patch> patches,
      List<Generator> configMapGenerator,
      List<Count> replicas,
      List<Image> images) {}

  record Patch(String path) {}

  record Generator(String name, String behavior, List<String> files) {}

  record Count(String name, int count) {}

  record Image(String name, String newTag) {}

  static Kustomization kustomization(Path directory) {
    return STRICT.convertValue(yaml(directory.resolve("kustomization.yaml")), Kustomization.class);
  }

  static List<HasMetadata> base() {
    return resources(BASE).stream().map(Manifests::typed).toList();
  }

  /** What the example overlay comes to: its resources and the base's, patched. */
  static List<HasMetadata> example() {
    Kustomization overlay = kustomization(EXAMPLE);
    List<Map<String, Object>> all = new ArrayList<>(resources(BASE));
    all.addAll(resources(EXAMPLE));
    for (Patch each : overlay.patches()) {
      Map<String, Object> patch = yaml(EXAMPLE.resolve(each.path()));
      typed(patch);
      Map<String, Object> target =
          all.stream().filter(one -> id(one).equals(id(patch))).findFirst().orElseThrow();
      merge(target, patch);
    }
    for (Count each : overlay.replicas()) {
      Map<String, Object> target =
          all.stream()
              .filter(one -> one.get("kind").equals("StatefulSet"))
              .filter(one -> id(one).endsWith("/" + each.name()))
              .findFirst()
              .orElseThrow();
      map(target.get("spec")).put("replicas", each.count());
    }
    return all.stream().map(Manifests::typed).toList();
  }

  private static List<Map<String, Object>> resources(Path directory) {
    return kustomization(directory).resources().stream()
        .filter(name -> name.endsWith(".yaml"))
        .map(name -> yaml(directory.resolve(name)))
        .toList();
  }

  /**
   * @throws IllegalArgumentException for a field that the type does not have, or a value of another
   *     type
   */
  static HasMetadata typed(Map<String, Object> manifest) {
    String type = manifest.get("apiVersion") + "/" + manifest.get("kind");
    Class<? extends HasMetadata> known = TYPES.get(type);
    if (known == null) {
      throw new IllegalArgumentException("no type for " + type);
    }
    return STRICT.convertValue(manifest, known);
  }

  static Map<String, Object> yaml(Path file) {
    try {
      return yaml(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Map<String, Object> yaml(String text) {
    var options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    return map(new Yaml(new SafeConstructor(options)).load(text));
  }

  private static String id(Map<String, Object> manifest) {
    return manifest.get("apiVersion")
        + "/"
        + manifest.get("kind")
        + "/"
        + map(manifest.get("metadata")).get("name");
  }

  /** As a strategic merge does: lists of what has a name by their names, other lists as a whole. */
  private static void merge(Map<String, Object> target, Map<String, Object> patch) {
    patch.forEach(
        (key, value) -> {
          Object there = target.get(key);
          if (value instanceof Map && there instanceof Map) {
            merge(map(there), map(value));
          } else if (value instanceof List<?> more && there instanceof List<?> some) {
            target.put(key, merged(some, more));
          } else {
            target.put(key, value);
          }
        });
  }

  private static List<Object> merged(List<?> some, List<?> more) {
    Map<Object, Object> byName = new LinkedHashMap<>();
    some.forEach(each -> byName.put(map(each).get("name"), each));
    for (Object each : more) {
      Object there = byName.putIfAbsent(map(each).get("name"), each);
      if (there != null) {
        merge(map(there), map(each));
      }
    }
    return List.copyOf(byName.values());
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }

  private static ObjectMapper strict() {
    var mapper = new ObjectMapper();
    // The types keep fields that they do not know, for others; here such a field is a mistake.
    mapper.setAnnotationIntrospector(
        new JacksonAnnotationIntrospector() {
          @Override
          public Boolean hasAnySetter(Annotated a) {
            return Boolean.FALSE;
          }
        });
    mapper.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    // An environment variable's value is a text: the API server refuses 9400 without quotes.
    mapper
        .coercionConfigFor(LogicalType.Textual)
        .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
        .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
    return mapper;
  }
}
