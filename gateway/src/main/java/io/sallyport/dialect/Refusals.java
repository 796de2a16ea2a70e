package io.sallyport.dialect;

import io.sallyport.yaml.YamlMap;
import io.sallyport.yaml.YamlValue;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a dialect refuses by policy.
 *
 * @param gates none, or both
 * @param submit what the request for a job is answered with that is refused when it is asked for;
 *     empty when every refusal is told at once
 * @param stream the last event of a stream that has begun
 * @param channel what a channel is told of an image that is withheld
 */
record Refusals(
    Map<Gate, Block> gates,
    Optional<Block> submit,
    Optional<StreamBlock> stream,
    Optional<ChannelBlock> channel) {
  Refusals {
    gates = Map.copyOf(gates);
  }

  /** When the refusal of a request is told. */
  private enum Mode {
    /** When the job is asked for that it would have begun. */
    DEFERRED
  }

  /** Reads the section {@code block}. */
  static Refusals read(Optional<YamlValue> block) {
    if (block.isEmpty()) {
      return new Refusals(Map.of(), Optional.empty(), Optional.empty(), Optional.empty());
    }
    YamlMap map = block.get().asMap();
    Map<Gate, Block> gates = new EnumMap<>(Gate.class);
    Optional<Block> submit = Optional.empty();
    for (Gate gate : Gate.values()) {
      Optional<YamlMap> given = map.get(gate.wire()).map(YamlValue::asMap);
      if (given.isEmpty()) {
        map.self().problem("missing key '" + gate.wire() + "'");
        continue;
      }
      gates.put(gate, Block.of(given.get(), JobFile.KNOWN));
      if (gate == Gate.INPUT) {
        submit = submit(given.get());
      }
      given.get().rejectUnknown();
    }
    Optional<StreamBlock> stream = map.get("stream").map(StreamBlock::of);
    Optional<ChannelBlock> channel = map.get("channel").map(ChannelBlock::of);
    map.rejectUnknown();
    return new Refusals(gates, submit, stream, channel);
  }

  private static Optional<Block> submit(YamlMap input) {
    boolean deferred = input.get("mode").map(mode -> mode.asEnum(Mode.class)).isPresent();
    Optional<Block> submit = input.get("submit").map(value -> Block.of(value, JobFile.KNOWN));
    if (deferred != submit.isPresent()) {
      input.self().problem("'mode: deferred' and 'submit' belong together");
    }
    return submit;
  }

  /** Tells what the routes need and is not there. */
  void requireFor(List<Route> routes, YamlMap top) {
    if (gates.isEmpty() && routes.stream().anyMatch(Refusals::refusable)) {
      top.self().problem("missing key 'block': a route generates, and must be refusable");
    }
    if (stream.isEmpty() && routes.stream().anyMatch(Route::streams)) {
      top.self().problem("missing key 'block.stream': a reply streams, and must be refusable");
    }
    if (channel.isEmpty() && routes.stream().anyMatch(it -> it.effect() == Effect.CHANNEL)) {
      top.self().problem("missing key 'block.channel': a channel's images must be refusable");
    }
    boolean created = routes.stream().anyMatch(route -> route.effect() == Effect.CREATE_JOB);
    routes.stream()
        .filter(route -> route.effect() != Effect.CREATE_JOB && route.isOfJobs() && !created)
        .findFirst()
        .ifPresent(route -> top.self().problem("no route creates the jobs of " + route.id()));
    if (submit.isPresent() && routes.stream().noneMatch(Route::defersRefusals)) {
      top.self().problem("block.input is deferred, and no route creates jobs");
    }
    submit.ifPresent(block -> requireCaptures(block, routes, top));
  }

  /** What the answer to a submit names of the path must be there wherever one is submitted. */
  private static void requireCaptures(Block submit, List<Route> routes, YamlMap top) {
    for (Route route : routes.stream().filter(Route::defersRefusals).toList()) {
      for (String name : submit.answer().json().captures()) {
        if (!route.everyPathHas(name)) {
          top.self()
              .problem("block.input.submit: a path of " + route.id() + " has no {" + name + "}");
        }
      }
    }
  }

  private static boolean refusable(Route route) {
    return switch (route.effect()) {
      case GENERATE, FETCH, UPLOAD, CREATE_JOB, POLL, LIST, CHANNEL -> true;
      case CONTROL -> route.isOfJobs();
      case STATIC, MODERATE, DENY -> false;
    };
  }
}
