package io.countermand.app.config;

import io.countermand.app.config.ConfigValue.Layer;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A YAML file as dotted keys.
 *
 * @param values by key, as written
 * @param sections keys that hold others, or nothing; with where they are
 */
record YamlFile(Map<String, ConfigValue> values, Map<String, String> sections) {

  private static final int DEEPEST = 16;

  static final YamlFile EMPTY = new YamlFile(Map.of(), Map.of());

  static YamlFile read(Path file, List<ConfigProblem> problems) {
    try {
      return parse(Files.readString(file), file.toString(), problems);
    } catch (NoSuchFileException e) {
      problems.add(unreadable(file, "there is no such file"));
    } catch (CharacterCodingException e) {
      problems.add(unreadable(file, "is not UTF-8 text"));
    } catch (IOException e) {
      problems.add(unreadable(file, "cannot be read (" + e.getClass().getSimpleName() + ")"));
    }
    return EMPTY;
  }

  static YamlFile parse(String text, String name, List<ConfigProblem> problems) {
    var file = new YamlFile(new LinkedHashMap<>(), new LinkedHashMap<>());
    try {
      var options = new LoaderOptions();
      options.setAllowDuplicateKeys(false);
      // Nodes only: nothing is constructed, so a tag cannot name a class.
      Node root = new Yaml(new SafeConstructor(options)).compose(new StringReader(text));
      if (root != null) {
        file.new Flattening(name, problems).add("", root, name + ":1", 0);
      }
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
      problems.add(new ConfigProblem("", "is not YAML: " + words(e), "mend it", name + ":" + line));
    } catch (YAMLException e) {
      problems.add(
          new ConfigProblem(
              "", "is not YAML", "plain UTF-8 text without control characters", name));
    }
    return file;
  }

  /** The parser's words may quote the file, and so a secret; those that would are left out. */
  private static String words(MarkedYAMLException e) {
    String problem = String.valueOf(e.getProblem());
    return problem.contains("alias") || problem.contains("tag") || problem.contains("anchor")
        ? "quote a value that begins with '*', '&' or '!'"
        : problem;
  }

  private static ConfigProblem unreadable(Path file, String why) {
    return new ConfigProblem("", why, "give a readable YAML file with --config", file.toString());
  }

  private final class Flattening {

    private final String name;
    private final List<ConfigProblem> problems;

    Flattening(String name, List<ConfigProblem> problems) {
      this.name = name;
      this.problems = problems;
    }

    void add(String key, Node node, String where, int depth) {
      switch (node) {
        case MappingNode mapping -> {
          sections.put(key, where);
          for (NodeTuple each : mapping.getValue()) {
            child(key, each, depth);
          }
        }
        case SequenceNode _ when key.isEmpty() ->
            problems.add(new ConfigProblem("", "holds a list", "keys such as 'desk:'", where));
        case SequenceNode _ -> values.put(key, new ConfigValue(Layer.FILE, "", true, where));
        case ScalarNode scalar when scalar.getTag().equals(Tag.NULL) -> sections.put(key, where);
        case ScalarNode _ when key.isEmpty() ->
            problems.add(new ConfigProblem("", "holds one value", "keys such as 'desk:'", where));
        case ScalarNode scalar ->
            values.put(key, new ConfigValue(Layer.FILE, scalar.getValue(), false, where));
        default -> throw new IllegalStateException("no such YAML node: " + node.getNodeId());
      }
    }

    private void child(String parent, NodeTuple each, int depth) {
      String where = name + ":" + (each.getKeyNode().getStartMark().getLine() + 1);
      if (!(each.getKeyNode() instanceof ScalarNode scalar) || depth == DEEPEST) {
        problems.add(new ConfigProblem(parent, "a key that is no plain text", "plain keys", where));
        return;
      }
      String key = parent.isEmpty() ? scalar.getValue() : parent + "." + scalar.getValue();
      if (values.containsKey(key) || sections.containsKey(key)) {
        String first = earlier(key);
        problems.add(
            new ConfigProblem(key, "given twice, first at " + first, "give it once", where));
        return;
      }
      add(key, each.getValueNode(), where, depth + 1);
    }

    private @Nullable String earlier(String key) {
      ConfigValue value = values.get(key);
      return value == null ? sections.get(key) : value.where();
    }
  }
}
