package io.sallyport.detect.text;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The markup of image prompts, read as the words that it weighs, chooses or loads.
 *
 * <p>{@code (word:1.3)}, {@code ((word))}, {@code [word]}, {@code [from:to:0.5]}, {@code [a|b]},
 * {@code {a|b}}, {@code <lora:name:0.8>}, HTML tags and comments, {@code BREAK} and its kin.
 * Brackets vanish without a space, so that a word split by them is whole again. One pass to pair
 * brackets, one to write; the result is never longer.
 */
final class PromptSyntax {
  /** Alternatives of a group that are read; the raw text shows the rest side by side. */
  static final int CHOICES_MAX = 3;

  private static final int TAG_MAX = 128;
  private static final int WEIGHT_MAX = 12;
  private static final Pattern KEYWORD =
      Pattern.compile("\\b(?:BREAK|AND|ADDBASE|ADDCOMM|ADDROW|ADDCOL)\\b");
  private static final Set<String> HTML =
      Set.of(
          "a", "abbr", "b", "big", "br", "center", "code", "del", "div", "em", "font", "h1", "h2",
          "h3", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "small",
          "span", "strike", "strong", "sub", "sup", "td", "tr", "tt", "u", "ul", "wbr");

  private final String text;
  private final StringBuilder out = new StringBuilder();

  /** For each opening bracket, how many alternatives its group has; 0 elsewhere. */
  private final int[] parts;

  private int choices = 1;

  /** Prepares the reading of one text. Not thread-safe. */
  PromptSyntax(String text) {
    this.text = mayHoldKeyword(text) ? KEYWORD.matcher(text).replaceAll(" ") : text;
    this.parts = hasMarkup(text) ? new int[this.text.length()] : new int[0];
    if (parts.length > 0) {
      pair();
    }
  }

  /** How many readings differ: 1 without alternatives, at most {@link #CHOICES_MAX}. */
  int choices() {
    return Math.min(choices, CHOICES_MAX);
  }

  /**
   * The text with the given alternative, from 0, of every group; the last where there are fewer.
   */
  String read(int choice) {
    if (parts.length == 0) {
      return text;
    }
    out.setLength(0);
    out.ensureCapacity(text.length());
    OpenGroups groups = new OpenGroups();
    for (int i = 0; i < text.length(); ) {
      i = step(i, choice, groups);
    }
    return out.toString();
  }

  /** Every keyword begins with two capitals, which most prompts have nowhere. */
  private static boolean mayHoldKeyword(String text) {
    for (int i = 1; i < text.length(); i++) {
      if (isCapital(text.charAt(i - 1)) && isCapital(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isCapital(char c) {
    return c >= 'A' && c <= 'Z';
  }

  private static boolean hasMarkup(String text) {
    for (int i = 0; i < text.length(); i++) {
      if ("()[]{}<".indexOf(text.charAt(i)) >= 0) {
        return true;
      }
    }
    return false;
  }

  /** Counts the alternatives of every group that is closed by its own kind of bracket. */
  private void pair() {
    OpenGroups open = new OpenGroups();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isOpening(c)) {
        open.push(i);
      } else if (isClosing(c)) {
        if (!open.isEmpty() && closes(c, open.top())) {
          parts[open.top()] = open.part() + 1;
          choices = Math.max(choices, open.part() + 1);
        }
        open.pop();
      } else if (!open.isEmpty() && isDivider(i, open.top())) {
        open.next();
      }
    }
  }

  private boolean closes(char c, int opening) {
    return c == (text.charAt(opening) == '(' ? ')' : text.charAt(opening) + 2);
  }

  private int step(int i, int choice, OpenGroups groups) {
    char c = text.charAt(i);
    if (c == '<') {
      return tag(i, groups);
    }
    if (isOpening(c)) {
      groups.push(i);
      groups.hide(Math.min(choice, Math.max(parts[i], 1) - 1), parts[i] > 1);
    } else if (isClosing(c)) {
      groups.pop();
    } else if (!groups.isEmpty() && isDivider(i, groups.top()) && parts[groups.top()] > 1) {
      groups.next();
    } else if (c == ':' && !groups.isEmpty() && endOfWeight(i) > i) {
      return endOfWeight(i);
    } else if (c != '\\' && groups.visible()) {
      out.append(c);
    }
    return i + 1;
  }

  /** A bar divides any group; a colon divides square brackets, unless a weight follows. */
  private boolean isDivider(int i, int opening) {
    char c = text.charAt(i);
    return c == '|' || (c == ':' && text.charAt(opening) == '[' && endOfWeight(i) == i);
  }

  /** Index of the bracket behind {@code :1.3}, or {@code colon} when no weight stands there. */
  private int endOfWeight(int colon) {
    int i = colon + 1;
    while (i < text.length()
        && i <= colon + WEIGHT_MAX
        && "0123456789.+- ".indexOf(text.charAt(i)) >= 0) {
      i++;
    }
    return i > colon + 1 && i < text.length() && isClosing(text.charAt(i)) ? i : colon;
  }

  private int tag(int start, OpenGroups groups) {
    int end = start + 1;
    while (end < text.length()
        && end < start + TAG_MAX
        && text.charAt(end) != '>'
        && text.charAt(end) != '<') {
      end++;
    }
    if (end == text.length() || text.charAt(end) != '>') {
      return start + 1;
    }
    if (groups.visible()) {
      out.append(content(text.substring(start + 1, end)));
    }
    return end + 1;
  }

  /** What a tag stands for: the name of a model, nothing for HTML, else the words themselves. */
  private static String content(String tag) {
    int colon = tag.indexOf(':');
    if (colon >= 0 && !tag.startsWith("!--")) {
      int end = tag.indexOf(':', colon + 1);
      return " " + tag.substring(colon + 1, end < 0 ? tag.length() : end) + " ";
    }
    String name = tag.startsWith("/") ? tag.substring(1) : tag;
    int end = 0;
    while (end < name.length() && Character.isLetterOrDigit(name.charAt(end))) {
      end++;
    }
    boolean html =
        tag.startsWith("!") || HTML.contains(name.substring(0, end).toLowerCase(Locale.ROOT));
    return html ? "" : tag;
  }

  private static boolean isOpening(char c) {
    return c == '(' || c == '[' || c == '{';
  }

  private static boolean isClosing(char c) {
    return c == ')' || c == ']' || c == '}';
  }
}
