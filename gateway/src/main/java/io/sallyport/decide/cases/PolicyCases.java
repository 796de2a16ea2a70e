package io.sallyport.decide.cases;

import io.sallyport.decide.Decider;
import io.sallyport.decide.Decision;
import io.sallyport.decide.Reason;
import io.sallyport.decide.cases.PolicyCase.Expectation;
import io.sallyport.policy.Labels;
import io.sallyport.policy.Policy;
import io.sallyport.policy.PolicyBook;
import io.sallyport.signal.Signal;
import io.sallyport.yaml.InvalidFileException;
import io.sallyport.yaml.Problem;
import io.sallyport.yaml.Problems;
import io.sallyport.yaml.YamlFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The cases of a folder, read once and run against any policy book. Immutable. */
public final class PolicyCases {
  private final List<PolicyCase> cases;

  private PolicyCases(List<PolicyCase> cases) {
    this.cases = List.copyOf(cases);
  }

  /**
   * Reads every {@code *.yaml} directly in the folder.
   *
   * @throws InvalidFileException with every problem in every file
   */
  public static PolicyCases load(Path folder) {
    Problems problems = new Problems();
    List<PolicyCase> cases = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      files
          .filter(file -> file.toString().endsWith(".yaml"))
          .sorted()
          .flatMap(file -> YamlFile.read(file, problems).stream())
          .forEach(file -> cases.addAll(CaseReader.read(file)));
    } catch (IOException | UncheckedIOException e) {
      problems.add(folder.toString(), 0, "cannot be listed (" + e.getClass().getSimpleName() + ")");
    }
    problems.throwIfAny();
    return new PolicyCases(cases);
  }

  /** How many cases there are. */
  public int size() {
    return cases.size();
  }

  /**
   * Runs every case.
   *
   * @param catalogue what each detector can say, so that a case cannot pass by a slip in a name
   * @return what came out differently, at the case's place; empty when all is as expected
   */
  public List<Problem> run(PolicyBook book, Map<String, Labels> catalogue) {
    Problems differences = new Problems();
    for (PolicyCase one : cases) {
      book.get(one.policy())
          .ifPresentOrElse(
              policy -> run(one, policy, catalogue, differences),
              () -> tell(one, "there is no policy '" + one.policy() + "'", differences));
    }
    return differences.list();
  }

  private static void run(
      PolicyCase one, Policy policy, Map<String, Labels> catalogue, Problems differences) {
    Stream.concat(
            one.evidence().earlier().stream(),
            one.evidence().items().stream().flatMap(List::stream))
        .filter(signal -> !possible(signal, policy, catalogue))
        .forEach(signal -> tell(one, "no expected detector says this: " + signal, differences));
    Decision decision = Decider.decide(policy, one.stage(), one.notAsked(), one.evidence());
    one.notAsked().stream()
        .filter(name -> !policy.detectors().contains(name) || !silent(decision, name))
        .forEach(name -> tell(one, "'" + name + "' would be asked, or is none", differences));
    Expectation actual = outcome(decision);
    if (!actual.equals(one.expected())) {
      tell(one, "expected " + one.expected() + "; got " + actual, differences);
    }
  }

  /** True when the detector's silence is excused in every item. */
  private static boolean silent(Decision decision, String detector) {
    long excused =
        decision.notAsked().stream().filter(it -> it.detector().equals(detector)).count();
    return excused == decision.evidence().items().size();
  }

  private static boolean possible(Signal signal, Policy policy, Map<String, Labels> catalogue) {
    Labels labels = catalogue.get(signal.detector());
    if (labels == null || !policy.detectors().contains(signal.detector())) {
      return false;
    }
    return switch (signal) {
      case Signal.Score score -> labels.gives(score.stage(), score.label());
      case Signal.Match match -> labels.gives(match.stage(), match.bank());
      case Signal.Unavailable missing -> labels.stages().contains(missing.stage());
    };
  }

  private static Expectation outcome(Decision decision) {
    SortedSet<String> reasons = new TreeSet<>();
    for (Reason reason : decision.reasons()) {
      reasons.add(
          switch (reason) {
            case Reason.Violation violation -> violation.rule();
            case Reason.Unavailable missing -> missing.detector() + ":" + missing.cause().wire();
          });
    }
    return new Expectation(decision.verdict(), decision.wouldBe(), reasons);
  }

  private static void tell(PolicyCase one, String message, Problems differences) {
    differences.add(
        one.place().file(), one.place().line(), "case '" + one.name() + "': " + message);
  }
}
