package io.sallyport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The files that an operator writes, in a folder of the test's own: {@code sallyport.yaml}, {@code
 * policies/} and a term list. As laid out they forbid the word zeppelin and look at no image, which
 * starts fast.
 */
public final class GatewayFiles {
  /** A policy {@code default} that forbids the stand-in word. */
  public static final String POLICY =
      """
      policy: default
      detectors: [terms]
      rules:
        - id: stand-in-term
          stage: prompt
          category: stand-in
          when: {score: {label: zeppelin, at_least: 0.5}}
          verdict: block
          disclose: category
      """;

  private static final String TERMS =
      """
      lexicon: stand-ins
      labels: {zeppelin: [zeppelin]}
      """;

  private static final String BASE =
      """
      listen: {port: 0}
      admin: {port: 0}
      upstream: {url: "http://127.0.0.1:%d"}
      policies: {dir: policies}
      detectors: {terms: {kind: lexicon, file: terms.yaml}}
      audit: {dir: audit}
      """;

  private static final Pattern SECTION = Pattern.compile("(?m)^([a-z]+):");

  private final Path dir;

  public GatewayFiles(Path dir) throws IOException {
    this.dir = dir;
    Files.createDirectories(dir.resolve("policies"));
    policy("default", POLICY);
    terms(TERMS);
  }

  /** Writes the policy file of that name in place of the one before, at one stroke. */
  public GatewayFiles policy(String name, String yaml) throws IOException {
    return write("policies/" + name + ".yaml", yaml);
  }

  /** Writes the term list of the detector {@code terms}. */
  public GatewayFiles terms(String yaml) throws IOException {
    return write("terms.yaml", yaml);
  }

  /** Writes any file of the folder. */
  public GatewayFiles write(String name, String text) throws IOException {
    Path draft = Files.writeString(dir.resolve("draft"), text);
    Files.move(
        draft,
        dir.resolve(name),
        java.nio.file.StandardCopyOption.ATOMIC_MOVE,
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    return this;
  }

  /**
   * Writes the configuration; its file.
   *
   * @param more top-level sections that are added, or replace those of the same name
   */
  public Path config(int upstreamPort, String more) throws IOException {
    String base = BASE.formatted(upstreamPort);
    for (MatchResult section : SECTION.matcher(more).results().toList()) {
      base = base.replaceAll("(?m)^" + section.group(1) + ":.*\n", "");
    }
    write("sallyport.yaml", base + more);
    return dir.resolve("sallyport.yaml");
  }

  public Path dir() {
    return dir;
  }
}
