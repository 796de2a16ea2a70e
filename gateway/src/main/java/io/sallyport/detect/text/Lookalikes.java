package io.sallyport.detect.text;

import com.ibm.icu.text.Normalizer2;
import com.ibm.icu.text.SpoofChecker;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads characters that look like Latin letters as those letters: a table from code points to
 * ASCII.
 *
 * <p>Made of Unicode's confusables (through ICU's skeletons, which are prototypes and not always
 * ASCII), letters in circles, squares and flags, and a short list of small capitals and Greek and
 * Cyrillic letters that the confusables leave apart although people use them so. The table is made
 * when the class loads, in about 0.1 s, and never changes.
 */
final class Lookalikes {
  private static final int FIRST = 0x80;
  private static final int END = 0x20000;
  private static final int PAGE = 256;
  private static final int LENGTH_MAX = 2;

  /** Pairs: a character (or an ICU prototype), and the letter that it passes for. */
  private static final String MORE =
      "ᴀaʙbᴄcᴅdᴇeꜰfɢgʜhᴊjᴋkʟlᴍmɴnᴏoᴘpꞯqʀrꜱsᴛtᴜuᴠvᴡwʏyᴢz"
          + "ꞓeꞒeǝeɐaɘeɜzȝzɔcɟfɥhɹrʇtʞkɯmʌvʎyʍmĸkᴎnπnζzλaɅaωwμußbгrяrцuдdэe∂d∈eʘoθo";

  /** First code points of runs of 26 letters that have no compatibility mapping. */
  private static final int[] ALPHABETS = {0x1F150, 0x1F170, 0x1F1E6};

  private static final Normalizer2 NFD = Normalizer2.getNFDInstance();

  private static final @Nullable String[] @Nullable [] PAGES = pages();

  private Lookalikes() {}

  private static @Nullable String[] @Nullable [] pages() {
    @Nullable String[] @Nullable [] pages = new String[END / PAGE][];
    SpoofChecker skeletons = new SpoofChecker.Builder().setChecks(SpoofChecker.CONFUSABLE).build();
    char[] more = new char[Character.MAX_VALUE + 1];
    for (int i = 0; i < MORE.length(); i += 2) {
      more[MORE.charAt(i)] = MORE.charAt(i + 1);
    }
    for (int point = FIRST; point < END; point++) {
      if (isCandidate(point)) {
        learn(point, skeletons, more, pages);
      }
    }
    for (int first : ALPHABETS) {
      for (int i = 0; i < 26; i++) {
        put(first + i, String.valueOf((char) ('a' + i)), pages);
      }
    }
    put('ß', "ss", pages);
    return pages;
  }

  /** The text with every lookalike read as ASCII; the same object when there was none. */
  static String fold(String text) {
    int i = 0;
    while (i < text.length() && text.charAt(i) < FIRST) {
      i++;
    }
    if (i == text.length()) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length()).append(text, 0, i);
    boolean changed = false;
    while (i < text.length()) {
      int point = text.codePointAt(i);
      i += Character.charCount(point);
      String ascii = find(point);
      changed |= ascii != null;
      if (ascii == null) {
        out.appendCodePoint(point);
      } else {
        out.append(ascii);
      }
    }
    return changed ? out.toString() : text;
  }

  private static @Nullable String find(int point) {
    @Nullable String @Nullable [] page = point < END ? PAGES[point / PAGE] : null;
    return page == null ? null : page[point % PAGE];
  }

  private static void put(int point, String ascii, @Nullable String[] @Nullable [] pages) {
    @Nullable String[] page = pages[point / PAGE];
    if (page == null) {
      page = new String[PAGE];
      pages[point / PAGE] = page;
    }
    page[point % PAGE] = ascii;
  }

  private static boolean isCandidate(int point) {
    return Character.isDefined(point)
        && !Character.isIdeographic(point)
        && !(point >= 0xAC00 && point <= 0xF8FF);
  }

  private static void learn(
      int point, SpoofChecker skeletons, char[] more, @Nullable String[] @Nullable [] pages) {
    if (Character.isDigit(point)) {
      put(point, String.valueOf(Character.digit(point, 10)), pages);
      return;
    }
    // The lower-case letter first: a capital I of any script would otherwise pass for an l.
    String ascii = ascii(Character.toLowerCase(point), skeletons, more);
    ascii = ascii.isEmpty() ? ascii(point, skeletons, more) : ascii;
    if (!ascii.isEmpty()) {
      put(point, ascii, pages);
    }
  }

  /** Empty when the character looks like no Latin letter. */
  private static String ascii(int point, SpoofChecker skeletons, char[] more) {
    String skeleton = NFD.normalize(skeletons.getSkeleton(Character.toString(point)));
    char[] out = new char[LENGTH_MAX + 1];
    int length = 0;
    for (int i = 0; i < skeleton.length() && length <= LENGTH_MAX; i++) {
      char c = skeleton.charAt(i);
      if (Character.getType(c) != Character.NON_SPACING_MARK) {
        out[length++] = more[c] == 0 ? c : more[c];
      }
    }
    for (int i = 0; i < length; i++) {
      if (!Words.isAsciiLetter(out[i])) {
        return "";
      }
      out[i] |= 0x20;
    }
    if (length == 2 && out[0] == 'r' && out[1] == 'n') {
      return "m"; // ICU's prototype of everything that looks like m
    }
    return length <= LENGTH_MAX ? new String(Arrays.copyOf(out, length)) : "";
  }
}
