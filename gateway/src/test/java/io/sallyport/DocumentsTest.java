package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.sallyport.cli.Main;
import io.sallyport.ops.LogKey;
import io.sallyport.testing.MarkdownFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Holds the pages of the repository against the code: links, commands, names, places. */
class DocumentsTest {
  private static final String COMMAND = "gateway/bin/sallyport ";

  /** Hosts that a page may name; a registry's is not among them. */
  private static final Set<String> HOSTS =
      Set.of("127.0.0.1", "images.example", "models.example", "keepachangelog.com");

  private static final Pattern URL_HOST = Pattern.compile("https?://([A-Za-z0-9.-]+)");
  private static final Pattern MACHINE_PATH =
      Pattern.compile("(?:^|[\\s\"'`(=])(?:/(?:work|root|home|tmp|Users|mnt|opt)/|[A-Z]:\\\\)");

  private static final String APACHE_2_SHA256 =
      "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "README.md",
        "models-README.md",
        "gateway/ARCHITECTURE.md",
        "gateway/RATIONALE.md",
        "CHANGELOG.md",
        "load-tests/README.md"
      })
  void everyLinkLeadsSomewhere(String path) throws IOException {
    MarkdownFile page = MarkdownFile.read(path);
    for (String link : page.links()) {
      if (!link.contains("://")) {
        String[] parts = link.split("#", 2);
        Path folder = page.path().resolveSibling(".");
        Path target = parts[0].isEmpty() ? page.path() : folder.resolve(parts[0]).normalize();
        assertThat(target).as("%s in %s", link, path).exists();
        if (parts.length == 2) {
          assertThat(new MarkdownFile(target, Files.readString(target)).anchors())
              .as("%s in %s", link, path)
              .contains(parts[1]);
        }
      }
    }
  }

  @Test
  void everyCommandCanBeGiven() throws IOException {
    List<String> commands = new ArrayList<>();
    for (String path : List.of("README.md", "models-README.md")) {
      MarkdownFile page = MarkdownFile.read(path);
      page.blocks("sh").stream()
          .flatMap(String::lines)
          .filter(line -> line.startsWith(COMMAND))
          .forEach(commands::add);
      page.spans().stream().filter(span -> span.startsWith(COMMAND)).forEach(commands::add);
    }
    for (String command : commands) {
      String[] args = command.substring(COMMAND.length()).strip().split("\\s+");
      assertThatCode(() -> new CommandLine(Main.class).parseArgs(args))
          .as(command)
          .doesNotThrowAnyException();
    }
    Set<String> given = new TreeSet<>();
    commands.forEach(command -> given.add(command.substring(COMMAND.length()).split(" ")[0]));
    assertThat(given).contains("demo", "serve", "check", "policy", "models", "audit");
  }

  @Test
  void theFirstScreenSaysTheTwoCommands() throws IOException {
    String first = MarkdownFile.read("README.md").blocks("sh").getFirst();
    assertThat(first.lines()).containsExactly("gateway/bin/sallyport demo", "mvn verify");
  }

  @Test
  void whatIsNamedByItsPathIsThere() throws IOException {
    List<String> named = new ArrayList<>();
    for (Path page : pages()) {
      for (String span : new MarkdownFile(page, Files.readString(page)).spans()) {
        String first = span.split(" ")[0];
        if (first.matches("(gateway|load-tests|policies|\\.ci)/[A-Za-z0-9._/-]+")
            && !first.contains("/target/")) {
          named.add(first);
          assertThat(MarkdownFile.root().resolve(first)).as("in %s", page).exists();
        }
      }
    }
    assertThat(named).isNotEmpty();
  }

  @Test
  void everyLogKeyIsTold() throws IOException {
    List<String> spans = MarkdownFile.read("README.md").section("## Operations").spans();
    assertThat(Arrays.stream(LogKey.values()).map(LogKey::wire)).isSubsetOf(spans);
  }

  @Test
  void everyInvariantNamesItsDefendersAndItsTests() throws IOException {
    MarkdownFile map = MarkdownFile.read("gateway/ARCHITECTURE.md").section("## The invariants");
    List<String> invariants = new ArrayList<>();
    for (List<String> row : map.rows()) {
      if (row.getFirst().matches("I\\d+")) {
        invariants.add(row.getFirst());
        MarkdownFile.spans(row.get(2)).stream()
            .filter(span -> span.matches("[A-Z]\\w+(\\.\\w+)?"))
            .forEach(span -> assertNamed("src/main/java", span));
        List<String> tests = MarkdownFile.spans(row.get(3));
        assertThat(tests).as("tests of %s", row.getFirst()).isNotEmpty();
        tests.forEach(span -> assertNamed("src/test/java", span));
      }
    }
    assertThat(invariants)
        .containsExactly("I1", "I2", "I3", "I4", "I5", "I6", "I7", "I8", "I9", "I10");
  }

  @Test
  void noPageNamesAMachineOrARegistry() throws IOException {
    for (Path page : pages()) {
      String text = Files.readString(page);
      assertThat(MACHINE_PATH.matcher(text).results().map(found -> found.group()))
          .as("machine paths in %s", page)
          .isEmpty();
      assertThat(URL_HOST.matcher(text).results().map(found -> found.group(1)))
          .as("hosts in %s", page)
          .isSubsetOf(HOSTS);
    }
  }

  @Test
  void theLicenceIsTheUnmodifiedApacheLicence() throws Exception {
    byte[] licence = Files.readAllBytes(MarkdownFile.root().resolve("LICENSE"));
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(licence);
    assertThat(HexFormat.of().formatHex(digest)).isEqualTo(APACHE_2_SHA256);
  }

  private static void assertNamed(String sources, String span) {
    String[] parts = span.split("\\.", 2);
    Path folder = MarkdownFile.root().resolve("gateway").resolve(sources);
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> found = files.filter(file -> file.endsWith(parts[0] + ".java")).toList();
      assertThat(found).as("a class %s below %s", parts[0], sources).hasSize(1);
      if (parts.length == 2) {
        assertThat(Files.readString(found.getFirst()))
            .as(span)
            .containsPattern("\\b" + parts[1] + "\\(");
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** What people read, below the root and the modules. */
  private static List<Path> pages() throws IOException {
    Path root = MarkdownFile.root();
    List<Path> pages = new ArrayList<>();
    for (String folder : List.of("", "gateway", "load-tests", "policies", "policies/cases")) {
      try (Stream<Path> files = Files.list(root.resolve(folder))) {
        files
            .filter(file -> file.toString().matches(".*(\\.md|\\.yaml|NOTICE)"))
            .forEach(pages::add);
      }
    }
    assertThat(pages).hasSizeGreaterThan(8);
    return pages;
  }
}
