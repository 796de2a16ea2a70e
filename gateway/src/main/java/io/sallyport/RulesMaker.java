package io.sallyport;

import io.sallyport.config.GatewayConfig;
import io.sallyport.config.GatewayConfig.Challenger;
import io.sallyport.detect.Bench;
import io.sallyport.detect.DetectorPanel;
import io.sallyport.detect.InferenceLane;
import io.sallyport.detect.PanelListener;
import io.sallyport.detect.Preparer;
import io.sallyport.detect.UseCount;
import io.sallyport.detect.image.Codecs;
import io.sallyport.detect.onnx.ModelStore;
import io.sallyport.proxy.Rules;
import io.sallyport.proxy.Shadow;
import io.sallyport.yaml.Problems;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes rules over a line-up of models: the detectors that judge, and beside them the challengers,
 * which run on a lane of their own and give way to whatever waits on the other one.
 *
 * <p>Used by one thread at a time, never an event loop.
 */
final class RulesMaker {
  private final String configFile;
  private final GatewayConfig config;
  private final Remotes remotes;
  private final Codecs codecs;
  private final InferenceLane lane;
  private final InferenceLane challengerLane;
  private final PanelListener listener;

  RulesMaker(
      String configFile,
      GatewayConfig config,
      Remotes remotes,
      Codecs codecs,
      InferenceLane lane,
      InferenceLane challengerLane,
      PanelListener listener) {
    this.configFile = configFile;
    this.config = config;
    this.remotes = remotes;
    this.codecs = codecs;
    this.lane = lane;
    this.challengerLane = challengerLane;
    this.listener = listener;
  }

  /**
   * The rules that the files say now, over these versions.
   *
   * @param lineup released by the rules when their last user leaves; still the caller's when there
   *     are none
   * @param inForce see {@link RulesLoader#load}
   * @param problems why there are none
   */
  Optional<Rules> make(Lineup lineup, Optional<Rules> inForce, Problems problems) {
    RemoteLinks links = new RemoteLinks(remotes);
    UseCount uses =
        new UseCount(
            () -> {
              lineup.release();
              links.release();
            });
    Shadow shadow = shadow(lineup, links, uses, problems);
    boolean allModels = lineup.champions().keySet().containsAll(Models.named(config));
    ModelStore models = lineup.models();
    models.check(problems);
    Optional<Rules> rules =
        new RulesLoader(configFile, config, models, links, codecs, lane, listener, allModels)
            .load(uses, shadow, inForce, problems);
    if (rules.isEmpty()) {
      links.release();
    }
    return rules;
  }

  private Shadow shadow(Lineup lineup, RemoteLinks links, UseCount uses, Problems problems) {
    Map<String, Double> shares = new HashMap<>();
    List<DetectorPanel> panels = new ArrayList<>();
    for (String detector : lineup.challengers().keySet()) {
      Challenger challenger = config.challengers().get(detector);
      if (challenger != null) {
        new RulesLoader(
                configFile,
                config,
                lineup.modelsWithChallenger(detector),
                links,
                codecs,
                challengerLane,
                run -> {},
                true)
            .alone(detector, uses, problems)
            .ifPresent(
                bench -> {
                  shares.put(detector, challenger.share());
                  panels.add(
                      new DetectorPanel(challengerLane, List.of(givingWay(bench)), run -> {}));
                });
      }
    }
    return new Shadow(panels, shares);
  }

  private <S> Bench<S> givingWay(Bench<S> bench) {
    Preparer<S> preparer = new GivingWay<>(bench.preparer(), () -> lane.load().waiting());
    return new Bench<>(bench.kind(), preparer, bench.detectors());
  }
}
