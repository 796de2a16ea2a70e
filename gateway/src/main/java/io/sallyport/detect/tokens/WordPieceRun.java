package io.sallyport.detect.tokens;

import com.ibm.icu.text.Normalizer2;
import io.sallyport.detect.text.Trie;

/** One pass of {@link WordPiece} over one text. Owned by the calling thread. */
final class WordPieceRun {
  private static final Normalizer2 NFD = Normalizer2.getNFDInstance();

  /** The one character whose small letter is two. */
  private static final int CAPITAL_I_WITH_DOT = 0x130;

  private static final int COMBINING_DOT = 0x307;

  private final WordPiece.Pieces model;
  private final WordPiece.Habits habits;
  private final int[] ids;
  private int count;

  /** Of the word that is read. */
  private final char[] word;

  private final int[] pieces;
  private int wordChars;
  private int wordPoints;

  WordPieceRun(WordPiece.Pieces model, WordPiece.Habits habits, Room room, int[] ids) {
    this.model = model;
    this.habits = habits;
    this.ids = ids;
    this.word = room.word();
    this.pieces = room.pieces();
  }

  /**
   * Room for one word, used again from text to text.
   *
   * @param word two for each of the most code points that a word may have
   * @param pieces as many
   */
  record Room(char[] word, int[] pieces) {
    static Room of(WordPiece.Pieces model) {
      int length = 2 * model.wordMax();
      return new Room(new char[length], new int[length]);
    }
  }

  int over(CharSequence text) {
    int i = 0;
    while (i < text.length() && count < ids.length) {
      int point = Character.codePointAt(text, i);
      i += Character.charCount(point);
      read(point);
    }
    endWord();
    return count;
  }

  private void read(int point) {
    if (point < 0x80) {
      readAscii(point);
    } else if (isSpace(point)) {
      endWord();
    } else if (habits.ideographs() && isIdeograph(point)) {
      endWord();
      unaccented(point);
      endWord();
    } else if (!isDropped(point)) {
      unaccented(point);
    }
  }

  private void readAscii(int point) {
    if (point > ' ' && point < 0x7F) {
      split(habits.lowercase() && point >= 'A' && point <= 'Z' ? point + 32 : point);
    } else if (point == ' ' || point == '\n' || point == '\t' || point == '\r') {
      endWord();
    }
  }

  private void unaccented(int point) {
    String parts = habits.stripAccents() ? NFD.getDecomposition(point) : null;
    if (parts == null) {
      unmarked(point);
      return;
    }
    for (int i = 0; i < parts.length(); ) {
      int part = parts.codePointAt(i);
      i += Character.charCount(part);
      unmarked(part);
    }
  }

  private void unmarked(int point) {
    if (habits.stripAccents() && Character.getType(point) == Character.NON_SPACING_MARK) {
      return;
    }
    if (habits.lowercase() && point == CAPITAL_I_WITH_DOT) {
      split('i');
      split(COMBINING_DOT);
    } else {
      split(habits.lowercase() ? Character.toLowerCase(point) : point);
    }
  }

  private void split(int point) {
    if (isPunctuation(point)) {
      endWord();
      append(point);
      endWord();
    } else {
      append(point);
    }
  }

  private void append(int point) {
    if (wordPoints < model.wordMax()) {
      wordChars += Character.toChars(point, word, wordChars);
    }
    wordPoints++;
  }

  private void endWord() {
    if (wordPoints > 0) {
      int found = wordPoints > model.wordMax() ? 0 : spell();
      if (found == 0) {
        pieces[0] = model.unknown();
        found = 1;
      }
      int room = Math.min(found, ids.length - count);
      System.arraycopy(pieces, 0, ids, count, room);
      count += room;
    }
    wordChars = 0;
    wordPoints = 0;
  }

  /** Greedy, the longest known piece first; 0 when some part cannot be spelled. */
  private int spell() {
    Trie vocabulary = model.all();
    int found = 0;
    int start = 0;
    while (start < wordChars) {
      int node = start == 0 ? Trie.ROOT : model.continuation();
      int id = Trie.NONE;
      int end = start;
      for (int i = start; i < wordChars && node != Trie.NONE; i++) {
        node = vocabulary.child(node, word[i]);
        if (node != Trie.NONE && vocabulary.value(node) != Trie.NONE) {
          id = vocabulary.value(node);
          end = i + 1;
        }
      }
      if (id == Trie.NONE) {
        return 0;
      }
      pieces[found++] = id;
      start = end;
    }
    return found;
  }

  private static boolean isSpace(int point) {
    return point == 0xA0
        || switch (Character.getType(point)) {
          case Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
              true;
          default -> false;
        };
  }

  private static boolean isDropped(int point) {
    return point == 0xFFFD
        || switch (Character.getType(point)) {
          case Character.CONTROL, Character.FORMAT, Character.PRIVATE_USE, Character.SURROGATE ->
              true;
          default -> false;
        };
  }

  /** The blocks that BERT sets apart, as its reference lists them. */
  private static boolean isIdeograph(int point) {
    return (point >= 0x4E00 && point <= 0x9FFF)
        || (point >= 0x3400 && point <= 0x4DBF)
        || (point >= 0x20000 && point <= 0x2A6DF)
        || (point >= 0x2A700 && point <= 0x2B73F)
        || (point >= 0x2B740 && point <= 0x2B81F)
        || (point >= 0x2B920 && point <= 0x2CEAF)
        || (point >= 0xF900 && point <= 0xFAFF)
        || (point >= 0x2F800 && point <= 0x2FA1F);
  }

  /** All ASCII symbols count, beyond what Unicode calls punctuation. */
  private static boolean isPunctuation(int point) {
    if (point < 0x80) {
      return !(point >= 'a' && point <= 'z')
          && !(point >= 'A' && point <= 'Z')
          && !(point >= '0' && point <= '9');
    }
    return switch (Character.getType(point)) {
      case Character.CONNECTOR_PUNCTUATION,
          Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION ->
          true;
      default -> false;
    };
  }
}
