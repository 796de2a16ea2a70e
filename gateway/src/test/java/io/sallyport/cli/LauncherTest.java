package io.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher script in a checkout of its own, with a java and an mvn that only say what they were
 * asked.
 */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
  private static final Instant OLD = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant NEW = Instant.parse("2026-01-02T00:00:00Z");

  @TempDir private Path folder;

  private Path root;
  private Path launcher;
  private Path jar;
  private Path source;
  private Path jdk;

  @BeforeEach
  void layOut() throws IOException {
    root = folder.resolve("check out");
    launcher = root.resolve("gateway/bin/sallyport");
    jar = root.resolve("gateway/target/sallyport.jar");
    source = root.resolve("gateway/src/main/java/A.java");
    write(root.resolve("pom.xml"), "", OLD);
    write(root.resolve("gateway/pom.xml"), "", OLD);
    write(source, "", OLD);
    write(jar, "", NEW);
    try (Stream<Path> all = Files.walk(root.resolve("gateway/src"))) {
      for (Path path : all.toList()) {
        Files.setLastModifiedTime(path, FileTime.from(OLD));
      }
    }
    Files.createDirectories(launcher.getParent());
    Files.copy(Path.of("bin/sallyport"), launcher);
    Files.copy(Path.of("bin/jdk-25.sh"), launcher.resolveSibling("jdk-25.sh"));
    launcher.toFile().setExecutable(true);
    jdk = jdk("jdk 25", "25.0.3");
    write(folder.resolve("tools/mvn"), "");
    script(folder.resolve("tools/mvn"), "echo \"mvn in $PWD by $JAVA_HOME: $*\"; : >\"$JAR\"");
  }

  @Test
  void anUpToDateJarIsRunWithTheArgumentsAsTheyAre() throws Exception {
    Run run = run(launcher, "serve", "--config", "my file.yaml", "*");
    assertThat(run.exit).isEqualTo(7);
    assertThat(run.err).isEmpty();
    assertThat(run.out).startsWith("java of " + jdk).doesNotContain("mvn");
    assertThat(run.out)
        .contains("[-jar]\n[" + jar.toRealPath() + "]\n[serve]\n[--config]\n[my file.yaml]\n[*]\n");
    assertThat(run.out).contains("ORT_DISABLE_TELEMETRY=1 OPT_OUT_TRACKING=true");
  }

  @Test
  void itFindsItselfThroughSymbolicLinks() throws Exception {
    Path first = folder.resolve("first link");
    Path second = Files.createDirectories(folder.resolve("some where")).resolve("second");
    Files.createSymbolicLink(first, launcher);
    Files.createSymbolicLink(second, Path.of("../first link"));
    assertThat(run(second, "x").out).contains("[" + jar.toRealPath() + "]\n[x]\n");
  }

  @Test
  void optionsForJavaPassThroughUnexpanded() throws Exception {
    Run run = run(Map.of("SALLYPORT_JAVA_OPTS", "-Xmx1g -Dx=/*"), launcher, "x");
    assertThat(run.out).contains("[-Xmx1g]\n[-Dx=/*]\n[-jar]\n");
  }

  @Test
  void aJavaHomeOfAnotherVersionIsPassedOver() throws Exception {
    for (String version : List.of("17.0.9", "250.0.1", "1.25", "26")) {
      Run run =
          run(
              Map.of("JAVA_HOME", jdk(version, version).toString(), "JAVA25_HOME", jdk.toString()),
              launcher);
      assertThat(run.out).as(version).startsWith("java of " + jdk);
    }
  }

  @Test
  void everyWayToSpellTwentyFiveIsTaken() throws Exception {
    for (String version : List.of("25", "25.0.3", "25-ea", "25.0.1+8")) {
      Path home = jdk("home " + version, version);
      Run run = run(Map.of("JAVA_HOME", home.toString()), launcher);
      assertThat(run.out).as(version).startsWith("java of " + home);
    }
  }

  @Test
  void aChangedSourceBuildsOnceFromTheRoot() throws Exception {
    Files.setLastModifiedTime(source, FileTime.from(NEW.plusSeconds(1)));
    Run first = run(launcher, "x");
    assertThat(first.err)
        .contains(
            "sallyport: building",
            "mvn in " + root.toRealPath() + " by " + jdk,
            "-pl gateway -am package");
    assertThat(first.out).startsWith("java of").doesNotContain("mvn");
    assertThat(run(launcher, "x").err).isEmpty();
  }

  @Test
  void aDeletedSourceBuilds() throws Exception {
    Files.delete(source);
    assertThat(run(launcher, "x").err).contains("sallyport: building");
  }

  @Test
  void aMissingJarBuilds() throws Exception {
    Files.delete(jar);
    assertThat(run(launcher, "x").err).contains("sallyport: building");
  }

  @Test
  void aFailedBuildStartsNothing() throws Exception {
    Files.delete(jar);
    script(folder.resolve("tools/mvn"), "echo 'cannot find symbol'; exit 1");
    Run run = run(launcher, "x");
    assertThat(run.exit).isEqualTo(2);
    assertThat(run.out).isEmpty();
    assertThat(run.err).contains("cannot find symbol", "sallyport: the build failed");
  }

  @Test
  void withoutMavenItSaysSo() throws Exception {
    Files.delete(jar);
    Run run = run(Map.of("PATH", toolsOfTheSystemWithoutMaven().toString()), launcher, "x");
    assertThat(run.exit).isEqualTo(2);
    assertThat(run.err).contains("Maven (mvn) is not on the PATH");
  }

  @Test
  void withNeitherJarNorSourcesItSaysSo() throws Exception {
    Files.delete(jar);
    Files.delete(root.resolve("pom.xml"));
    Run run = run(launcher, "x");
    assertThat(run.exit).isEqualTo(2);
    assertThat(run.err).contains("neither").hasLineCount(1);
  }

  private Run run(Path program, String... arguments) throws Exception {
    return run(Map.of(), program, arguments);
  }

  private Run run(Map<String, String> more, Path program, String... arguments) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            Stream.concat(Stream.of(program.toString()), Stream.of(arguments)).toList());
    Path err = folder.resolve("err");
    builder.directory(folder.toFile()).redirectError(err.toFile());
    Map<String, String> environment = builder.environment();
    environment.clear();
    environment.put("PATH", folder.resolve("tools") + ":/usr/bin:/bin");
    environment.put("JAVA_HOME", jdk.toString());
    environment.put("JAR", jar.toString());
    environment.putAll(more);
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return new Run(process.exitValue(), out, Files.readString(err));
  }

  private Path jdk(String name, String version) throws IOException {
    Path home = folder.resolve(name);
    write(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
    String say =
        "echo \"java of "
            + home
            + " ORT_DISABLE_TELEMETRY=$ORT_DISABLE_TELEMETRY OPT_OUT_TRACKING=$OPT_OUT_TRACKING\";"
            + " printf '[%s]\\n"
            + "' \"$@\"; exit 7";
    script(home.resolve("bin/java"), say);
    script(home.resolve("bin/javac"), "exit 1");
    return home;
  }

  private Path toolsOfTheSystemWithoutMaven() throws IOException {
    Path tools = Files.createDirectories(folder.resolve("few tools"));
    for (String tool : List.of("dirname", "readlink", "find", "head", "mkdir", "touch")) {
      script(tools.resolve(tool), "PATH=/usr/bin:/bin exec " + tool + " \"$@\"");
    }
    return tools;
  }

  private static void script(Path file, String body) throws IOException {
    write(file, "#!/bin/sh\n" + body + "\n");
    file.toFile().setExecutable(true);
  }

  private static void write(Path file, String text, Instant time) throws IOException {
    write(file, text);
    Files.setLastModifiedTime(file, FileTime.from(time));
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private record Run(int exit, String out, String err) {}
}
