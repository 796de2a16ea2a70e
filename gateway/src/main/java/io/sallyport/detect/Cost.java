package io.sallyport.detect;

/** What asking a detector costs, from least to most. */
public enum Cost {
  /** Microseconds: tables and automata. */
  LOOKUP,
  /** Milliseconds of a core: a model of this process. */
  MODEL,
  /** A call to another machine. */
  REMOTE
}
