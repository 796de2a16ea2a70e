package io.sallyport.coding;

/** A coded body that is not decoded to its end. Says nothing of its content. */
public final class CodingException extends Exception {
  /** Why. */
  public enum Flaw {
    /** It is not what its coding says, ends early or late, or could be read in two ways. */
    BROKEN,
    /** It grows beyond the ratio that bodies of use have. */
    EXPANSION,
    /** It grows beyond the cap. */
    TOO_LARGE,
    /** There is no memory left for it now. */
    NO_ROOM
  }

  private final Flaw flaw;

  CodingException(Flaw flaw) {
    super(flaw.name(), null, false, false);
    this.flaw = flaw;
  }

  public Flaw flaw() {
    return flaw;
  }
}
