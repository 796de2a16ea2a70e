package io.sallyport.detect.image.ffm;

/** Whether a library of the machine decodes; the operator's word in {@code native_codecs}. */
public enum Use {
  /** When it is there and as new as {@link Need#least()} says. */
  AUTO,
  /** Never. */
  OFF,
  /**
   * Whatever version it tells: the operator knows that its packager has patched it. An unknown
   * interface is not used even so.
   */
  TRUST
}
