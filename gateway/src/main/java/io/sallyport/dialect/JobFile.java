package io.sallyport.dialect;

import io.sallyport.yaml.YamlMap;
import io.sallyport.yaml.YamlValue;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads what a route says about jobs.
 *
 * <pre>
 * job:
 *   id: [sel]           # path:NAME, query:KEY, or a place in the request's body; of the route that
 *                       # creates jobs also reply:SELECTOR, which must be there
 *   rewrite: {SELECTOR: "${self}..."}   # URLs of replies
 *   refuse: at_once | later             # of the route that creates jobs
 *   refused: {status, headers, json}    # of the others
 *   items: [{sel, id}]  # of list instead of an id: see OwnItems
 *   keep: [sel]
 * </pre>
 */
final class JobFile {
  private static final String REPLY = "reply:";
  private static final String SELF = "${self}";

  /** What the answer about a refused job may be filled with. */
  static final Set<Template.Field> KNOWN =
      EnumSet.of(
          Template.Field.MESSAGE,
          Template.Field.REQUEST_ID,
          Template.Field.ID,
          Template.Field.STAGE,
          Template.Field.CATEGORIES,
          Template.Field.SELF,
          Template.Field.CAPTURED);

  private static final Set<Template.Field> IN_URLS =
      EnumSet.of(
          Template.Field.ID, Template.Field.SELF, Template.Field.PATH, Template.Field.CAPTURED);

  private final List<YamlValue> requestIds = new ArrayList<>();
  private final List<AutomatonBuilder.Rule> reply = new ArrayList<>();
  private final Optional<YamlMap> map;
  private final Vars vars;
  private Optional<OwnItems> items = Optional.empty();
  private boolean named;

  /** When a client is told that its job is refused. */
  private enum Refuse {
    AT_ONCE,
    LATER
  }

  private JobFile(Optional<YamlMap> map, Vars vars) {
    this.map = map;
    this.vars = vars;
  }

  /** Reads the ids; a route that is about jobs must say where they stand. */
  static JobFile of(YamlMap route, Effect effect, Vars vars) {
    Optional<YamlValue> given = route.get("job");
    boolean list = effect == Effect.LIST;
    boolean needed = effect == Effect.CREATE_JOB || effect == Effect.POLL || list;
    if (needed && given.isEmpty()) {
      route.self().problem("missing key 'job': where the id of its job stands");
    }
    if (given.isPresent() && !needed && effect != Effect.CONTROL) {
      given.get().problem("only create_job, poll, list and control are about jobs");
    }
    JobFile file = new JobFile(given.map(YamlValue::asMap), vars);
    file.map.filter(it -> !list).ifPresent(it -> file.ids(it, effect));
    file.map.filter(it -> list).ifPresent(file::items);
    file.map.flatMap(it -> it.get("rewrite")).ifPresent(file::rewrites);
    return file;
  }

  private void ids(YamlMap job, Effect effect) {
    List<YamlValue> ids = job.require("id", List.of(), YamlValue::asListOrOne);
    for (YamlValue id : ids) {
      String text = vars.fill(id);
      if (!text.startsWith(REPLY)) {
        requestIds.add(id);
      } else if (effect == Effect.CREATE_JOB) {
        named = true;
        claim(text.substring(REPLY.length()), id, new Claim.JobId());
      } else {
        id.problem("whose job it is must be known before it is asked for: not by the reply");
      }
    }
    if (ids.isEmpty()) {
      job.self().problem("needs an 'id'");
    }
  }

  private void items(YamlMap job) {
    items = OwnItems.of(job);
    if (items.isEmpty()) {
      job.self().problem("needs 'items': where the jobs of everybody stand");
    }
  }

  private void rewrites(YamlValue rewrites) {
    rewrites
        .asMap()
        .forEach(
            (selector, to) -> {
              if (!to.asString().startsWith(SELF)) {
                to.problem("the new URL begins with " + SELF);
              }
              claim(selector, to, new Claim.Address(new UrlEdit.To(Template.of(to, IN_URLS))));
            });
  }

  private void claim(String selector, YamlValue at, Claim claim) {
    List<Selector> selectors = Selector.parse(selector, at::problem);
    if (selectors.stream().anyMatch(FormSelector::is)) {
      at.problem("replies are JSON");
    }
    reply.add(new AutomatonBuilder.Rule(selectors, claim));
  }

  /** The selectors of ids in the request. */
  List<YamlValue> requestIds() {
    return requestIds;
  }

  /** The rest; empty when the route is not about jobs. */
  Optional<JobRules> rules(Effect effect, boolean deferring) {
    return map.map(job -> rules(job, effect, deferring));
  }

  private JobRules rules(YamlMap job, Effect effect, boolean deferring) {
    Optional<YamlValue> refuse = job.get("refuse");
    Refuse when =
        refuse
            .map(value -> value.asEnum(Refuse.class))
            .orElse(deferring ? Refuse.LATER : Refuse.AT_ONCE);
    if (refuse.isPresent() && effect != Effect.CREATE_JOB) {
      refuse.get().problem("only what creates a job is refused at once or later");
    }
    if (when == Refuse.LATER && !deferring) {
      refuse.ifPresent(it -> it.problem("needs block.input with 'mode: deferred'"));
    }
    Optional<YamlValue> refused = job.get("refused");
    if (refused.isPresent() && effect == Effect.CREATE_JOB) {
      refused.get().problem("of routes that ask for a job: here it is block.input");
    }
    Optional<Block> answer = refused.map(value -> Block.of(value, KNOWN));
    job.rejectUnknown();
    return new JobRules(
        named, effect == Effect.CREATE_JOB && when == Refuse.LATER, answer, reply, items);
  }
}
