package io.countermand.events.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaValidationException;
import org.apache.avro.SchemaValidatorBuilder;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * FULL_TRANSITIVE: today's schemas read what every released version wrote, and the other way round.
 *
 * <p>A release commits its schemas: {@code mvn -pl schemas/events -am test -Dtest=CompatibilityTest
 * -Dsurefire.failIfNoSpecifiedTests=false -Dcompat.write=v2}.
 */
class CompatibilityTest {

  @BeforeAll
  static void writeWhenTold() throws Exception {
    String version = System.getProperty("compat.write");
    if (version != null) {
      Fixtures.write(Fixtures.VERSIONS.resolve(version));
    }
  }

  static Stream<Schema> now() {
    return Fixtures.now().stream();
  }

  @ParameterizedTest
  @MethodSource("now")
  void shouldBeFullyCompatibleWithEveryVersion(Schema now) throws Exception {
    List<Schema> before = released(now.getName());

    assertThat(before).isNotEmpty();
    check(now, before);
  }

  @Test
  void shouldRefuseAFieldWithoutDefault() {
    Schema now = Fixtures.now("CancelIntent");
    Schema mutated = withField(now, new Schema.Field("urgency", Schema.create(Schema.Type.INT)));

    assertThatThrownBy(() -> check(mutated, released("CancelIntent")))
        .isInstanceOf(SchemaValidationException.class);
  }

  @Test
  void shouldRefuseARemovedFieldThatHadNoDefault() {
    Schema mutated = without(Fixtures.now("CancelIntent"), "cancelId");

    assertThatThrownBy(() -> check(mutated, released("CancelIntent")))
        .isInstanceOf(SchemaValidationException.class);
  }

  @Test
  void shouldAllowAFieldWithDefault() throws Exception {
    Schema.Field field =
        new Schema.Field("urgency", Schema.create(Schema.Type.INT), "How urgent.", 0);

    check(withField(Fixtures.now("CancelIntent"), field), released("CancelIntent"));
  }

  /** A topic may be newer than a version; from its first version on it is in every one. */
  @Test
  void shouldKeepEverySchemaOfAVersion() {
    for (Schema now : Fixtures.now()) {
      String file = now.getName() + ".avsc";
      assertThat(
              Fixtures.versions().stream()
                  .dropWhile(version -> !Files.exists(version.resolve(file))))
          .isNotEmpty()
          .allSatisfy(version -> assertThat(version.resolve(file)).exists());
    }
  }

  @ParameterizedTest
  @MethodSource("now")
  void shouldDocumentEveryTypeAndField(Schema now) {
    List<String> undocumented = new ArrayList<>();
    collectUndocumented(now, new HashSet<>(), undocumented);

    assertThat(undocumented).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("now")
  void shouldGiveEveryEnumADefault(Schema now) {
    List<String> without = new ArrayList<>();
    visit(
        now,
        new HashSet<>(),
        type -> {
          if (type.getType() == Schema.Type.ENUM && type.getEnumDefault() == null) {
            without.add(type.getFullName());
          }
        });

    assertThat(without).isEmpty();
  }

  private static List<Schema> released(String name) {
    return Fixtures.versions().stream()
        .filter(version -> Files.exists(version.resolve(name + ".avsc")))
        .map(version -> Fixtures.read(version, name))
        .toList();
  }

  private static void check(Schema now, List<Schema> before) throws SchemaValidationException {
    new SchemaValidatorBuilder().mutualReadStrategy().validateAll().validate(now, before);
  }

  private static Schema withField(Schema schema, Schema.Field added) {
    List<Schema.Field> fields = copies(schema, "");
    fields.add(added);
    return copy(schema, fields);
  }

  private static Schema without(Schema schema, String name) {
    return copy(schema, copies(schema, name));
  }

  private static List<Schema.Field> copies(Schema schema, String except) {
    List<Schema.Field> fields = new ArrayList<>();
    for (Schema.Field field : schema.getFields()) {
      if (!field.name().equals(except)) {
        fields.add(new Schema.Field(field, field.schema()));
      }
    }
    return fields;
  }

  private static Schema copy(Schema schema, List<Schema.Field> fields) {
    return Schema.createRecord(
        schema.getName(), schema.getDoc(), schema.getNamespace(), false, fields);
  }

  private static void collectUndocumented(Schema root, Set<String> seen, List<String> to) {
    visit(
        root,
        seen,
        type -> {
          if (blank(type.getDoc())) {
            to.add(type.getFullName());
          }
          if (type.getType() == Schema.Type.RECORD) {
            type.getFields().stream()
                .filter(field -> blank(field.doc()))
                .forEach(field -> to.add(type.getFullName() + "." + field.name()));
          }
        });
  }

  /** Every record and enum below a schema, once. */
  private static void visit(
      Schema schema, Set<String> seen, java.util.function.Consumer<Schema> visitor) {
    switch (schema.getType()) {
      case RECORD -> {
        if (seen.add(schema.getFullName())) {
          visitor.accept(schema);
          schema.getFields().forEach(field -> visit(field.schema(), seen, visitor));
        }
      }
      case ENUM -> {
        if (seen.add(schema.getFullName())) {
          visitor.accept(schema);
        }
      }
      case UNION -> schema.getTypes().forEach(type -> visit(type, seen, visitor));
      case ARRAY -> visit(schema.getElementType(), seen, visitor);
      case MAP -> visit(schema.getValueType(), seen, visitor);
      default -> {}
    }
  }

  private static boolean blank(String doc) {
    return doc == null || doc.isBlank();
  }
}
