package io.sallyport.proxy;

import io.sallyport.dialect.TextPart;
import java.util.ArrayList;
import java.util.List;

/**
 * The texts of a request by what they say.
 *
 * @param prompt what to make, and whatever else may be read as that
 * @param negative what not to make; none when there is nothing else, for then it is the prompt
 */
record Wording(List<String> prompt, List<String> negative) {
  Wording {
    prompt = List.copyOf(prompt);
    negative = List.copyOf(negative);
  }

  static Wording of(List<TextPart> texts) {
    List<String> prompt = new ArrayList<>();
    List<String> negative = new ArrayList<>();
    for (TextPart text : texts) {
      switch (text.role()) {
        case POSITIVE, CONTEXT, STYLE, UNKNOWN -> prompt.add(text.value());
        case NEGATIVE -> negative.add(text.value());
      }
    }
    return prompt.isEmpty() ? new Wording(negative, List.of()) : new Wording(prompt, negative);
  }
}
