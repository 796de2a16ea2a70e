/**
 * Detectors of images: headers read before anything is decoded, decoders, and the classifier.
 *
 * <p>Foreign bytes enter here. Caps on bytes, sides and pixels are read from the header before a
 * decoder runs; what cannot be decoded is a {@code Signal.Unavailable}, never an image.
 *
 * <p>Judged: PNG of every kind, by rows, in Java; JPEG (baseline, progressive, grey, Adobe CMYK) by
 * the JDK's reader; WebP by libwebp, in native memory. Refused: animations, data after the end, a
 * PNG gamma far from sRGB's, and every other format. Not applied: colour profiles and Exif
 * orientation.
 */
@NullMarked
package io.sallyport.detect.image;

import org.jspecify.annotations.NullMarked;
