package io.sallyport.cli;

import io.sallyport.audit.AuditFilter;
import io.sallyport.audit.AuditQuery;
import io.sallyport.audit.AuditRow;
import io.sallyport.audit.AuditSearch;
import io.sallyport.audit.AuditVerifier;
import io.sallyport.audit.VerifyResult;
import io.sallyport.policy.Verdict;
import io.sallyport.signal.Category;
import io.sallyport.signal.Stage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sallyport audit}: read the record, beside a running gateway or after a killed one. */
@Command(
    name = "audit",
    description = "Verify, search and export the record.",
    mixinStandardHelpOptions = true,
    subcommands = {AuditCommand.Verify.class, AuditCommand.Search.class, AuditCommand.Export.class})
final class AuditCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "name a command: verify, search or export");
  }

  /** Where the record is. */
  static final class Where {
    @Option(names = "--data", paramLabel = "DIR", description = "The record's folder.")
    private @Nullable Path data;

    @Option(
        names = "--config",
        paramLabel = "FILE",
        description = "The gateway's configuration file.")
    private @Nullable Path config;

    /** The folder that holds {@code audit.db}: the given one, or the {@code audit} folder in it. */
    Path dir() {
      if (config != null) {
        return ServeCommand.read(config).audit().dir();
      }
      Path dir = data == null ? Path.of(".") : data;
      if (!Files.exists(dir.resolve("audit.db")) && Files.exists(dir.resolve("audit/audit.db"))) {
        dir = dir.resolve("audit");
      }
      if (!Files.exists(dir.resolve("audit.db"))) {
        throw new UserException("no record (audit.db) in " + dir);
      }
      return dir;
    }
  }

  /** Filters of a search. */
  static final class Filters {
    @Option(
        names = "--since",
        paramLabel = "TIME",
        description = "2026-11-22T10:00:00Z, or an age such as 30m, 12h or 7d.")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "TIME", description = "As --since.")
    private @Nullable String until;

    @Option(names = "--verdict", paramLabel = "VERDICT", description = "allow, flag or block.")
    private @Nullable String verdict;

    @Option(names = "--category", paramLabel = "NAME", description = "Such as violence/graphic.")
    private @Nullable String category;

    @Option(names = "--caller", paramLabel = "NAME", description = "A caller's name.")
    private @Nullable String caller;

    @Option(names = "--request", paramLabel = "ID", description = "A request id.")
    private @Nullable String request;

    @Option(
        names = "--stage",
        paramLabel = "STAGE",
        description = "prompt, negative_prompt, input_image or output_image.")
    private @Nullable String stage;

    List<AuditFilter> filters(CommandSpec spec) {
      List<AuditFilter> filters = new ArrayList<>();
      if (since != null) {
        filters.add(new AuditFilter.Since(time(spec, since)));
      }
      if (until != null) {
        filters.add(new AuditFilter.Until(time(spec, until)));
      }
      if (verdict != null) {
        filters.add(new AuditFilter.WithVerdict(constant(spec, Verdict.class, verdict)));
      }
      if (category != null) {
        String wire = category;
        filters.add(
            new AuditFilter.InCategory(
                Category.of(wire)
                    .orElseThrow(
                        () ->
                            new ParameterException(
                                spec.commandLine(), "no category is named " + wire))));
      }
      if (caller != null) {
        filters.add(new AuditFilter.FromCaller(caller));
      }
      if (request != null) {
        filters.add(new AuditFilter.OfRequest(request));
      }
      if (stage != null) {
        filters.add(new AuditFilter.AtStage(constant(spec, Stage.class, stage)));
      }
      return filters;
    }

    private static Instant time(CommandSpec spec, String text) {
      try {
        if (text.matches("\\d{1,6}[smhd]")) {
          long number = Long.parseLong(text.substring(0, text.length() - 1));
          boolean days = text.endsWith("d");
          Duration age =
              days ? Duration.ofDays(number) : Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
          return Instant.now().minus(age);
        }
        return Instant.parse(text);
      } catch (DateTimeParseException e) {
        throw new ParameterException(
            spec.commandLine(),
            "not a time: " + text + " (use 2026-11-22T10:00:00Z, 30m, 12h or 7d)");
      }
    }

    private static <E extends Enum<E>> E constant(CommandSpec spec, Class<E> type, String text) {
      for (E constant : type.getEnumConstants()) {
        if (constant.name().toLowerCase(Locale.ROOT).equals(text)) {
          return constant;
        }
      }
      throw new ParameterException(spec.commandLine(), "not one of the choices: " + text);
    }
  }

  /** {@code sallyport audit verify}. */
  @Command(
      name = "verify",
      description = "Walk the whole record and check its chain.",
      mixinStandardHelpOptions = true)
  static final class Verify implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @ArgGroup(multiplicity = "1")
    private Where where;

    @Override
    public Integer call() {
      VerifyResult result = AuditVerifier.verify(where.dir(), rows -> {});
      spec.commandLine().getOut().println(result.summary());
      return result.ok() ? 0 : 1;
    }
  }

  /** {@code sallyport audit search}. */
  @Command(
      name = "search",
      description = "Print matching rows, newest first, one readable line each.",
      mixinStandardHelpOptions = true)
  static final class Search implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @ArgGroup(multiplicity = "1")
    private Where where;

    @Mixin private Filters filters;

    @Option(
        names = "--limit",
        paramLabel = "N",
        defaultValue = "50",
        description = "Rows at most, 1 to 1000 (default ${DEFAULT-VALUE}).")
    private int limit;

    @Option(names = "--json", description = "Print whole rows as lines of JSON.")
    private boolean json;

    @Override
    public Integer call() {
      if (limit < 1 || limit > AuditQuery.MAX_LIMIT) {
        throw new ParameterException(
            spec.commandLine(), "--limit is from 1 to " + AuditQuery.MAX_LIMIT);
      }
      AuditQuery query = new AuditQuery(filters.filters(spec), limit, AuditQuery.NEWEST);
      for (AuditRow row : new AuditSearch(where.dir()).search(query)) {
        spec.commandLine().getOut().println(json ? row.toJsonLine() : RowLine.of(row));
      }
      return 0;
    }
  }

  /** {@code sallyport audit export}. */
  @Command(
      name = "export",
      description = "Print every matching row, oldest first, as lines of JSON.",
      mixinStandardHelpOptions = true)
  static final class Export implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @ArgGroup(multiplicity = "1")
    private Where where;

    @Mixin private Filters filters;

    @Override
    public Integer call() {
      var out = spec.commandLine().getOut();
      new AuditSearch(where.dir())
          .export(filters.filters(spec), row -> out.println(row.toJsonLine()));
      return 0;
    }
  }
}
