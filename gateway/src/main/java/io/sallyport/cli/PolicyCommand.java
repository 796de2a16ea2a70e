package io.sallyport.cli;

import io.sallyport.decide.cases.PolicyCases;
import io.sallyport.policy.Labels;
import io.sallyport.policy.PolicyBook;
import io.sallyport.policy.PolicyLoader;
import io.sallyport.yaml.Problem;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sallyport policy}: work on policies. */
@Command(
    name = "policy",
    description = "Work on policies.",
    mixinStandardHelpOptions = true,
    subcommands = PolicyCommand.Test.class)
final class PolicyCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "name a command: test");
  }

  /** {@code sallyport policy test DIR}. */
  @Command(
      name = "test",
      description = "Run the cases in DIR/cases against the policies in DIR.",
      mixinStandardHelpOptions = true)
  static final class Test implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "A folder of policies with a folder of cases.")
    private Path dir;

    @Override
    public Integer call() {
      PolicyBook book = PolicyLoader.load(dir);
      PolicyCases cases = PolicyCases.load(dir.resolve("cases"));
      Map<String, Labels> said = new LinkedHashMap<>();
      for (String policy : book.names()) {
        book.get(policy)
            .ifPresent(it -> it.detectors().forEach(name -> said.put(name, Labels.ANYTHING)));
      }
      List<Problem> differences = cases.run(book, said);
      var out = spec.commandLine().getOut();
      differences.forEach(out::println);
      out.println(cases.size() + " cases, " + differences.size() + " differ");
      return differences.isEmpty() ? 0 : 1;
    }
  }
}
