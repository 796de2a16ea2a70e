package io.sallyport.signal;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A harm. The wire names of the first thirteen are OpenAI's moderation categories; {@link
 * #hazard()} is the MLCommons AILuminate v1.0 hazard code, where one fits.
 */
public enum Category {
  SEXUAL("sexual", "sxc_prn"),
  SEXUAL_MINORS("sexual/minors", "cse"),
  HARASSMENT("harassment", ""),
  HARASSMENT_THREATENING("harassment/threatening", ""),
  HATE("hate", "hte"),
  HATE_THREATENING("hate/threatening", "hte"),
  ILLICIT("illicit", "ncr"),
  ILLICIT_VIOLENT("illicit/violent", "iwp"),
  SELF_HARM("self-harm", "ssh"),
  SELF_HARM_INTENT("self-harm/intent", "ssh"),
  SELF_HARM_INSTRUCTIONS("self-harm/instructions", "ssh"),
  VIOLENCE("violence", "vcr"),
  VIOLENCE_GRAPHIC("violence/graphic", "vcr"),
  SEXUAL_CRIME("sexual/crime", "src"),
  DEFAMATION("defamation", "dfm"),
  PRIVACY("privacy", "prv"),
  INTELLECTUAL_PROPERTY("intellectual-property", "ipv"),
  /** Harmless things that stand in for a harm in demos and tests. */
  STAND_IN("stand-in", "");

  private static final Map<String, Category> BY_WIRE =
      Arrays.stream(values()).collect(Collectors.toMap(Category::wire, Function.identity()));

  private static final List<Category> OPENAI =
      List.of(values()).subList(0, List.of(values()).indexOf(VIOLENCE_GRAPHIC) + 1);

  private final String wire;
  private final String hazard;

  Category(String wire, String hazard) {
    this.wire = wire;
    this.hazard = hazard;
  }

  /** The name in YAML, metrics, the record and the API. */
  public String wire() {
    return wire;
  }

  /** The MLCommons hazard code; empty where none fits. */
  public String hazard() {
    return hazard;
  }

  /** The category with this wire name. */
  public static Optional<Category> of(String wire) {
    return Optional.ofNullable(BY_WIRE.get(wire));
  }

  /** The categories that OpenAI's moderation reply lists, in its order. */
  public static List<Category> openAi() {
    return OPENAI;
  }
}
