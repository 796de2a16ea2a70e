/**
 * Bytes in, ONNX bytes out: the writer of small models, and the import of the embedded image model.
 *
 * <p>Owns: the protobuf and ONNX encodings, the reader of the npm package {@code nsfwjs} (gzip,
 * tar, minified JavaScript literals, quantised weights), the translation of its graph, and the
 * writing of model folders. Everything written is a pure function of its input, byte for byte, so
 * that it can be pinned by SHA-256. No ONNX Runtime in here: whether a model works is asked by the
 * loader.
 *
 * <p>Nothing here is thread-safe and nothing runs while requests are served. What is wrong with a
 * foreign file is told by {@link io.sallyport.detect.onnx.convert.ModelSourceException} in one
 * line.
 */
@NullMarked
package io.sallyport.detect.onnx.convert;

import org.jspecify.annotations.NullMarked;
