package io.sallyport;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Design §3: which room may import which, and where the large libraries may appear. */
class ArchitectureTest {
  private static final String ROOT = "io.sallyport";

  /** The room table. What is not named here may not be imported. */
  private static final Map<String, Set<String>> MAY_IMPORT =
      Map.ofEntries(
          Map.entry("yaml", Set.of()),
          Map.entry("coding", Set.of()),
          Map.entry("signal", Set.of()),
          Map.entry("policy", Set.of("signal", "yaml")),
          Map.entry("decide", Set.of("signal", "policy", "yaml")),
          Map.entry("detect", Set.of("signal", "yaml")),
          Map.entry("dialect", Set.of("yaml", "fetch")),
          Map.entry("fetch", Set.of()),
          Map.entry("audit", Set.of("signal", "policy", "decide")),
          Map.entry(
              "proxy",
              Set.of(
                  "coding", "signal", "policy", "decide", "detect", "dialect", "fetch", "audit",
                  "config", "ops", "yaml")),
          Map.entry("console", Set.of("audit", "policy", "config", "ops")),
          Map.entry("config", Set.of("yaml", "fetch")),
          Map.entry("ops", Set.of()),
          Map.entry("demo", Set.of()),
          Map.entry("train", Set.of()),
          Map.entry(
              "cli",
              Set.of(
                  "", "audit", "config", "decide", "demo", "detect", "policy", "signal", "train",
                  "yaml")));

  private final JavaClasses ours =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  @Test
  void roomsImportOnlyWhatTheTableAllows() {
    Set<String> forbidden = new TreeSet<>();
    Set<String> rooms = new TreeSet<>();
    for (JavaClass one : ours) {
      String room = room(one.getPackageName());
      rooms.add(room);
      for (Dependency dependency : one.getDirectDependenciesFromSelf()) {
        String target = dependency.getTargetClass().getPackageName();
        if (target.startsWith(ROOT) && !room.isEmpty() && !room.equals(room(target))) {
          if (!MAY_IMPORT.getOrDefault(room, Set.of()).contains(room(target))) {
            forbidden.add(room + " -> " + room(target) + ": " + dependency.getDescription());
          }
        }
      }
    }
    rooms.remove("");
    assertThat(forbidden).isEmpty();
    assertThat(rooms)
        .as("every room stands in the table")
        .isEqualTo(new TreeSet<>(MAY_IMPORT.keySet()));
  }

  @Test
  void vertxAppearsOnlyInTheShell() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT, ROOT + ".proxy..", ROOT + ".console..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.vertx..", "io.netty..")
        .check(ours);
  }

  @Test
  void onnxRuntimeAppearsOnlyInItsRoom() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".detect.onnx..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("ai.onnxruntime..")
        .check(ours);
  }

  @Test
  void onlyRemoteModelsAreAskedByTheHttpClientOfTheJdk() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".detect.remote..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.net.http..")
        .check(ours);
  }

  @Test
  void nativeCodeIsCalledOnlyInItsRoom() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".detect.image.ffm..")
        .should()
        .dependOnClassesThat()
        .haveNameMatching("java\\.lang\\.foreign\\.(Linker|SymbolLookup|Arena).*")
        .check(ours);
  }

  @Test
  void contentCodingsAreUndoneOnlyInTheirRoom() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".coding..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.brotli..", "com.github.luben..")
        .check(ours);
  }

  @Test
  void metricsAreNamedOnlyInOps() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT, ROOT + ".ops..", ROOT + ".console..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.prometheus..")
        .check(ours);
  }

  @Test
  void logsAreWrittenOnlyThroughTheClosedSetOfKeys() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".ops..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.slf4j..", "ch.qos.logback..", "java.util.logging..")
        .check(ours);
  }

  @Test
  void theJudgeIsPure() {
    classes()
        .that()
        .resideInAPackage(ROOT + ".decide")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            ROOT + ".decide",
            ROOT + ".signal",
            ROOT + ".policy",
            "java.lang..",
            "java.util..",
            "org.jspecify..")
        .check(ours);
  }

  @Test
  void theProxyCollectsBodiesOnlyWithinCaps() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".proxy..")
        .should()
        .callMethod(io.vertx.core.http.HttpServerRequest.class, "body")
        .orShould()
        .callMethod(
            io.vertx.core.http.HttpServerRequest.class, "bodyHandler", io.vertx.core.Handler.class)
        .orShould()
        .callMethod(io.vertx.core.http.HttpClientResponse.class, "body")
        .check(ours);
  }

  private static String room(String packageName) {
    String rest = packageName.substring(ROOT.length());
    return rest.isEmpty() ? "" : rest.substring(1).split("\\.", 2)[0];
  }
}
