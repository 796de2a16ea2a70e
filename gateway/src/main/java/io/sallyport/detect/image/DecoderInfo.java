package io.sallyport.detect.image;

/**
 * Who decodes a format.
 *
 * @param format in lower case
 * @param decoder a library of the machine, {@code jdk}, {@code webp-imageio}, or {@code none} when
 *     the format is unsupported here
 * @param version as far as it can be told
 * @param note why a library of the machine is not used; empty when it is
 */
public record DecoderInfo(String format, String decoder, String version, String note) {}
