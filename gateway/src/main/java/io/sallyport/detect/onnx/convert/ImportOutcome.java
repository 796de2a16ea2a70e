package io.sallyport.detect.onnx.convert;

/** What the import of a model came to. */
public enum ImportOutcome {
  /** The folder was written. */
  WRITTEN,
  /** The folder was there already, with the pinned model in it; nothing was touched. */
  ALREADY_THERE
}
