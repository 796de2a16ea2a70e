package io.sallyport.dialect;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The scale of classifier-free guidance (Ho and Salimans, 2022): the picture goes from the negative
 * prompt towards the prompt by so much. Below 1 it stays part of the way at the negative prompt,
 * and at 0 and below it shows what that names.
 */
final class Guidance {
  /**
   * {@code cfg}, {@code cfg_scale}, {@code guidance_scale}, {@code true_cfg_scale}, {@code
   * cfgScale}.
   */
  private static final Pattern NAME =
      Pattern.compile("(.*[_-])?(cfg|guidance)([_-]?(scale|strength|weight))?");

  private Guidance() {}

  /** True for a member that may set the scale. */
  static boolean isNamed(String name) {
    return NAME.matcher(name.toLowerCase(Locale.ROOT)).matches();
  }

  /**
   * True when a negative prompt must be read as a prompt.
   *
   * @param value as in the body: a number, or text that a server may read as one
   */
  static boolean shows(String value) {
    try {
      return Double.parseDouble(value.strip()) < 1;
    } catch (NumberFormatException e) {
      return true;
    }
  }
}
