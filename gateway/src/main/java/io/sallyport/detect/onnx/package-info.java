/**
 * Models in the ONNX format: their cards, their sessions, and the writer that makes small ones.
 *
 * <p>The only room that touches ONNX Runtime. A session is shared by all lane threads; native
 * memory is closed by whoever opened it.
 */
@NullMarked
package io.sallyport.detect.onnx;

import org.jspecify.annotations.NullMarked;
