package io.sallyport.load;

import java.util.List;
import java.util.SplittableRandom;

/** Ordinary prompts of ordinary length, no two alike, so that no cache answers for a model. */
final class Prompts {
  /** Words of a prompt: about 55 tokens of the embedded model, as people write to image models. */
  static final int WORDS = 45;

  private static final List<String> VOCABULARY =
      List.of(
          "a lighthouse on a rocky coast",
          "an old library with tall windows",
          "a tram climbing a steep street",
          "wooden boats in a small harbour",
          "a market stall full of lemons",
          "snow on the roofs of a village",
          "a violin resting on a chair",
          "two herons in shallow water",
          "a glass house among ferns",
          "a kettle steaming on a stove",
          "soft morning light",
          "long shadows of late afternoon",
          "watercolour on rough paper",
          "a muted palette of grey and ochre",
          "fine pencil lines",
          "thick oil paint",
          "seen from above",
          "a wide angle view",
          "shallow depth of field",
          "mist over the hills",
          "reflections in wet stone",
          "a calm and quiet mood",
          "highly detailed textures",
          "balanced composition with a low horizon");

  private Prompts() {}

  /** The prompt of that number; equal numbers give equal prompts. */
  static String prompt(long number) {
    SplittableRandom random = new SplittableRandom(number);
    StringBuilder prompt = new StringBuilder(300);
    int words = 0;
    while (words < WORDS) {
      String phrase = VOCABULARY.get(random.nextInt(VOCABULARY.size()));
      prompt.append(prompt.isEmpty() ? "" : ", ").append(phrase);
      words += 1 + (int) phrase.chars().filter(c -> c == ' ').count();
    }
    return prompt.toString();
  }

  /** A request of the OpenAI Images API. */
  static String body(long number, String size) {
    return "{\"model\":\"stand-in-1\",\"prompt\":\""
        + prompt(number)
        + "\",\"size\":\""
        + size
        + "\"}";
  }
}
