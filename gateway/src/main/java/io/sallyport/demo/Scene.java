package io.sallyport.demo;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** What a prompt asks to see. */
sealed interface Scene {
  /** One shape of one colour. */
  record Drawing(Hue hue, Figure figure) implements Scene {}

  /** Nothing that a stand-in can draw: blobs whose places and colours come from the seed. */
  record Abstract() implements Scene {}

  /** Colours for what no prompt named; never one that a demo policy could forbid. */
  List<Hue> PALETTE = List.of(Hue.ORANGE, Hue.GREEN, Hue.TEAL, Hue.BLUE, Hue.BROWN, Hue.GREY);

  Pattern NOT_LETTERS = Pattern.compile("[^a-z]+");

  /** Reads the first colour and the first shape that the prompt names. */
  static Scene of(String prompt, RandomGenerator random) {
    List<String> words = List.of(NOT_LETTERS.split(prompt.toLowerCase(Locale.ROOT)));
    Optional<Hue> hue = Hue.firstNamed(words);
    Optional<Figure> figure = Figure.firstNamed(words);
    if (hue.isEmpty() && figure.isEmpty()) {
      return new Abstract();
    }
    return new Drawing(hue.orElseGet(() -> anyHue(random)), figure.orElse(Figure.SQUARE));
  }

  /** A colour of the palette. */
  static Hue anyHue(RandomGenerator random) {
    return PALETTE.get(random.nextInt(PALETTE.size()));
  }
}
