/**
 * Detectors of images: headers read before anything is decoded, decoders, and the classifier.
 *
 * <p>Foreign bytes enter here. Caps on bytes, sides and pixels are read from the header before a
 * decoder runs; what cannot be decoded is a {@code Signal.Unavailable}, never an image.
 *
 * <p>Judged: PNG of every kind, BMP and GIF, in Java; JPEG (baseline, progressive, grey, Adobe
 * CMYK) by libjpeg-turbo or the JDK's reader; WebP by libwebp and AVIF by libavif, in native
 * memory; animated PNG, GIF and WebP frame by frame. What the machine has of native decoders is in
 * the room {@code ffm}; without it there is no AVIF. Refused: data after the end, a PNG gamma far
 * from sRGB's, and every other format. Not applied: colour profiles.
 */
@NullMarked
package io.sallyport.detect.image;

import org.jspecify.annotations.NullMarked;
