/**
 * What stands on vectors, whatever they are of: concepts, heads, and the files that hold vectors.
 *
 * <p>An {@link io.sallyport.detect.embedding.Embedder} gives the vectors of a sample; {@code
 * detect.text} has the one for prompts, {@code detect.image} the one for pictures. Several
 * detectors may stand on one embedding model: its vectors are then computed once per sample and
 * kept, with the sample, in {@link io.sallyport.detect.embedding.SampleVectors}.
 *
 * <p>Immutable and safe on every thread, unless a class says so.
 */
@NullMarked
package io.sallyport.detect.embedding;

import org.jspecify.annotations.NullMarked;
