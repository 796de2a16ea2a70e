package io.sallyport.cli;

import io.sallyport.yaml.InvalidFileException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code sallyport}. Exit codes: 0 fine, 1 found problems, 2 used wrongly. */
@Command(
    name = "sallyport",
    description = "A reverse proxy that judges every prompt and every image.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {
      DemoCommand.class,
      ServeCommand.class,
      CheckCommand.class,
      PolicyCommand.class,
      ModelsCommand.class,
      AuditCommand.class
    })
public final class Main implements Runnable {
  @Spec private CommandSpec spec;

  private Main() {}

  public static void main(String[] args) {
    System.exit(run(args, new PrintWriter(System.out, true), new PrintWriter(System.err, true)));
  }

  /** Runs one command; the exit code. */
  static int run(String[] args, PrintWriter out, PrintWriter err) {
    return new CommandLine(new Main())
        .setOut(out)
        .setErr(err)
        .setExecutionExceptionHandler((e, line, parsed) -> tell(e, line))
        .execute(args);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "name a command");
  }

  /** Problems of the operator's are told line by line; ours with their trace. */
  private static int tell(Exception e, CommandLine line) {
    PrintWriter err = line.getErr();
    if (e instanceof InvalidFileException invalid) {
      invalid.problems().forEach(problem -> err.println(problem));
      int count = invalid.problems().size();
      err.println(count == 1 ? "1 problem" : count + " problems");
    } else if (e instanceof UserException) {
      err.println("sallyport: " + e.getMessage());
    } else {
      e.printStackTrace(err);
    }
    err.flush();
    return 1;
  }
}
