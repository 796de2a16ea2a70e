package io.sallyport.audit;

/** What the verifier found: the log is whole, or the first place where it is not. */
public sealed interface VerifyResult {
  /** Rows that are whole, from the first. */
  long rows();

  /**
   * The last whole row. A removed tail cannot be seen in the chain itself: compare this with a head
   * that was noted elsewhere.
   */
  Receipt head();

  /** One line for people. */
  String summary();

  /** True when nothing is wrong. */
  default boolean ok() {
    return switch (this) {
      case Whole _ -> true;
      case Broken _ -> false;
    };
  }

  /** What can be wrong with a row. */
  enum Fault {
    /** The number does not follow the one before: rows are missing, or one was put in. */
    GAP("its number does not follow"),
    /** It does not name the hash of the row before it: removed, put in, or moved. */
    PREVIOUS("it does not follow from the row before"),
    /** Its hash is not that of its body, number and predecessor: changed. */
    HASH("its hash is not that of its content"),
    /** Its body is not the canonical form of an event. */
    UNDECODABLE("its body is not an event"),
    /** A column that search uses says something else than its body. */
    COLUMNS("its columns disagree with its body"),
    /**
     * The table of categories says something else than its body, or names rows that are not there.
     */
    CATEGORIES("the category table disagrees with its body"),
    /** The file cannot be read from there on. */
    UNREADABLE("the file cannot be read there");

    private final String text;

    Fault(String text) {
      this.text = text;
    }
  }

  /** Every row is whole and follows from the one before. */
  record Whole(long rows, Receipt head) implements VerifyResult {
    @Override
    public String summary() {
      return "whole: " + rows + " rows, head " + head.sequence() + " " + head.hash();
    }
  }

  /**
   * Something is wrong.
   *
   * @param sequence the first row that is not whole; its number as found, or as expected where none
   *     was found
   * @param fault what is wrong with it
   */
  record Broken(long rows, Receipt head, long sequence, Fault fault) implements VerifyResult {
    @Override
    public String summary() {
      return "BROKEN at row "
          + sequence
          + ": "
          + fault.text
          + "; whole before it: "
          + rows
          + " rows, head "
          + head.sequence()
          + " "
          + head.hash();
    }
  }
}
