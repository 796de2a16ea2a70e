package io.sallyport.policy;

import io.sallyport.yaml.InvalidFileException;
import io.sallyport.yaml.Problems;
import io.sallyport.yaml.YamlFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Reads a folder of policy files, all or nothing: a book is only made when every file is right, so
 * that a reload can keep the old book whole.
 */
public final class PolicyLoader {
  private static final int FILES_MAX = 256;

  private final Problems problems = new Problems();

  private PolicyLoader() {}

  /**
   * Loads every {@code *.yaml} directly in the folder; folders in it are not entered.
   *
   * @param catalogue what each detector can say, by name
   * @throws InvalidFileException with every problem in every file
   */
  public static PolicyBook load(Path folder, Map<String, Labels> catalogue) {
    PolicyLoader loader = new PolicyLoader();
    PolicyBook book = loader.read(folder, catalogue);
    loader.problems.throwIfAny();
    return book;
  }

  /**
   * Loads a folder without a configuration beside it: every detector that a policy names counts as
   * there, and as able to say anything.
   *
   * @throws InvalidFileException with every problem in every file
   */
  public static PolicyBook load(Path folder) {
    PolicyLoader loader = new PolicyLoader();
    Map<String, Draft> drafts = loader.drafts(folder);
    Map<String, Labels> named = new LinkedHashMap<>();
    for (Draft draft : drafts.values()) {
      draft.detectors().keySet().forEach(name -> named.put(name, Labels.ANYTHING));
    }
    PolicyBook book = loader.book(drafts, named);
    loader.problems.throwIfAny();
    return book;
  }

  private PolicyBook read(Path folder, Map<String, Labels> catalogue) {
    return book(drafts(folder), catalogue);
  }

  private Map<String, Draft> drafts(Path folder) {
    Map<String, Draft> drafts = new LinkedHashMap<>();
    for (Path file : files(folder)) {
      YamlFile.read(file, problems)
          .map(DraftReader::read)
          .ifPresent(
              draft -> {
                if (drafts.putIfAbsent(draft.name(), draft) != null) {
                  draft.place().problem("another file has a policy of this name");
                }
              });
    }
    return drafts;
  }

  private PolicyBook book(Map<String, Draft> drafts, Map<String, Labels> catalogue) {
    Family family = new Family(drafts);
    List<Policy> policies = new ArrayList<>();
    for (Draft draft : drafts.values()) {
      Policy policy = family.resolve(draft);
      new Reach(catalogue, policy.detectors()).check(draft);
      new Doubt(catalogue, policy).check(draft);
      policies.add(policy);
    }
    return new PolicyBook(policies);
  }

  private List<Path> files(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      List<Path> files = entries.filter(this::isPolicy).sorted().limit(FILES_MAX + 1L).toList();
      if (files.isEmpty()) {
        problems.add(folder.toString(), 0, "no policy files (*.yaml) in this folder");
      }
      if (files.size() > FILES_MAX) {
        problems.add(folder.toString(), 0, "more than " + FILES_MAX + " policy files");
      }
      return files;
    } catch (IOException | UncheckedIOException e) {
      problems.add(folder.toString(), 0, "cannot be listed (" + e.getClass().getSimpleName() + ")");
      return List.of();
    }
  }

  /** Hidden files are editors' and mounts' own; a near miss of the ending is told, not skipped. */
  private boolean isPolicy(Path file) {
    String name = String.valueOf(file.getFileName());
    if (name.startsWith(".") || !Files.isRegularFile(file)) {
      return false;
    }
    if (name.endsWith(".yml")) {
      problems.add(file.toString(), 0, "policy files end in .yaml; rename it");
    }
    return name.endsWith(".yaml");
  }
}
