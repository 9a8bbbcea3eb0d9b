package io.countermand.app;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What may know what, and how much stands in one place. */
class ArchitectureTest {

  private static final int MOST_CLASSES = 25;
  private static final int MOST_LINES = 300;

  /** A file that is longer says in its first lines why, after these words. */
  private static final String REASON = "// Over 300 lines: ";

  private static JavaClasses classes;

  @BeforeAll
  static void readClasses() {
    classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.countermand");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          domain     | codec venues kafka platform observe desk ledger simulator simulation client audit bench door console oidc app
          codec      | venues kafka platform observe desk ledger simulator simulation client audit bench door console oidc app
          venues     | codec kafka platform observe desk ledger simulator simulation client audit bench door console oidc app
          observe    | domain codec venues kafka platform desk ledger simulator simulation client audit bench door console oidc app
          oidc       | domain codec venues kafka platform observe desk ledger simulator simulation client audit bench door console app
          platform   | domain codec venues desk ledger simulator simulation client audit bench door console oidc app
          kafka      | venues desk ledger simulator simulation client audit bench door console oidc app
          desk       | ledger simulator simulation audit bench door console oidc app
          ledger     | desk venues simulator simulation client audit bench door console oidc app
          simulation | codec venues kafka platform observe desk ledger simulator client audit bench door console oidc app
          simulator  | codec venues kafka platform observe desk ledger simulation client audit bench door console oidc app
          client     | venues observe desk ledger simulator simulation audit bench door console oidc app
          door       | domain codec venues kafka observe desk ledger simulator simulation audit bench console app
          console    | domain codec venues kafka observe desk ledger simulator simulation audit bench door app
          audit      | desk ledger simulator simulation bench door console oidc app
          bench      | ledger simulation audit door console oidc app
          app.config | app.admin app.audit app.bench app.cancel app.chaos app.cli app.demo app.doctor app.drill app.local app.lookup app.rights app.role app.tracing app.trial audit simulator simulation bench
          """)
  void shouldPointInwards(String from, String outward) {
    noClasses()
        .that()
        .resideInAPackage("io.countermand." + from + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            Stream.of(outward.split(" "))
                .map(to -> "io.countermand." + to + "..")
                .toArray(String[]::new))
        .check(classes);
  }

  @Test
  void shouldRunThePipelineWithoutTools() {
    noClasses()
        .that()
        .resideInAnyPackage(
            below("app.", "config admin cancel cli doctor lookup rights role tracing"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            Stream.concat(
                    Stream.of(below("app.", "audit chaos demo drill local trial bench")),
                    Stream.of(below("", "audit simulator simulation bench")))
                .toArray(String[]::new))
        .check(classes);
  }

  private static String[] below(String prefix, String names) {
    return Stream.of(names.split(" "))
        .map(name -> "io.countermand." + prefix + name + "..")
        .toArray(String[]::new);
  }

  @Test
  void shouldKeepTheDecisionsPure() {
    noClasses()
        .that()
        .resideInAPackage("io.countermand.domain..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.apache..", "org.slf4j..", "com.fasterxml..", "java.net.http..", "java.nio.file..")
        .check(classes);
  }

  @ParameterizedTest
  @CsvSource({
    "app",
    "audit",
    "bench",
    "console",
    "desk",
    "domain",
    "kafka",
    "simulation",
    "simulator",
    "venues"
  })
  void shouldHaveNoPackagesThatNeedEachOther(String module) {
    slices()
        .assignedFrom(packagesOf("io.countermand." + module))
        .should()
        .beFreeOfCycles()
        .check(classes);
  }

  @Test
  void shouldHaveRoomsThatOneCanSurvey() {
    // When
    Map<String, Long> sizes =
        classes.stream()
            .filter(c -> c.isTopLevelClass() && !c.getSimpleName().equals("package-info"))
            .filter(c -> !generated(c))
            .collect(groupingBy(JavaClass::getPackageName, TreeMap::new, counting()));

    // Then
    assertThat(sizes).hasSizeGreaterThan(40);
    assertThat(sizes)
        .allSatisfy((name, size) -> assertThat(size).as(name).isLessThanOrEqualTo(MOST_CLASSES));
  }

  @Test
  void shouldSayWhyAFileIsLong() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of(".."))) {
      // When
      List<Path> sources =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .filter(file -> file.toString().contains("/src/main/java/"))
              .toList();

      // Then
      assertThat(sources).hasSizeGreaterThan(400).allSatisfy(ArchitectureTest::shortOrExplained);
    }
  }

  @Test
  void shouldSayWhatEachPackageIsFor() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of(".."))) {
      // When
      Map<String, Set<String>> byPackage =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .filter(file -> file.toString().contains("/src/main/java/"))
              .collect(
                  groupingBy(
                      file -> file.getParent().toString().split("/src/main/java/", 2)[1],
                      TreeMap::new,
                      mapping(file -> file.getFileName().toString(), toSet())));

      // Then
      assertThat(byPackage)
          .hasSizeGreaterThan(40)
          .allSatisfy((name, in) -> assertThat(in).as(name).contains("package-info.java"));
    }
  }

  private static void shortOrExplained(Path source) throws IOException {
    List<String> lines = Files.readAllLines(source);
    if (lines.size() > MOST_LINES) {
      assertThat(lines.subList(0, 3))
          .as(source + " has " + lines.size() + " lines")
          .anyMatch(line -> line.startsWith(REASON));
    }
  }

  /** Each package is a slice, the module's own, too. */
  private static SliceAssignment packagesOf(String module) {
    return new SliceAssignment() {
      @Override
      public SliceIdentifier getIdentifierOf(JavaClass c) {
        String name = c.getPackageName();
        return name.equals(module) || name.startsWith(module + ".")
            ? SliceIdentifier.of(name)
            : SliceIdentifier.ignore();
      }

      @Override
      public String getDescription() {
        return "packages of " + module;
      }
    };
  }

  /** Avro's. */
  private static boolean generated(JavaClass c) {
    return c.getPackageName().equals("io.countermand.events")
        || c.getPackageName().equals("io.countermand.state");
  }
}
