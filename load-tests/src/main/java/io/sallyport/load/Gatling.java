package io.sallyport.load;

import java.nio.file.Path;
import java.util.List;

/** How Gatling is run: as a process of its own, silent towards the world. */
final class Gatling {
  private Gatling() {}

  /**
   * The command for one run of {@link ImageSimulation}. Besides what {@code gatling.conf} switches
   * off, Gatling asks Maven Central for newer releases, with no setting against it: a proxy that
   * does not exist keeps that at home, and its memory of it out of the user's preferences.
   */
  static List<String> command(Path plan, Path folder) {
    List<String> options =
        List.of(
            "-Xmx1g",
            "-D" + Plan.PROPERTY + "=" + plan,
            "-Dhttps.proxyHost=127.0.0.1",
            "-Dhttps.proxyPort=9",
            "-Djava.util.prefs.userRoot=" + folder);
    return Child.java(
        options,
        io.gatling.app.Gatling.class,
        "-s",
        ImageSimulation.class.getName(),
        "-rf",
        folder,
        "-nr");
  }
}
