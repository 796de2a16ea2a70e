package io.sallyport.detect.text;

import java.util.Arrays;

/** The bracket groups that are open at some place of a text. Owned by the calling thread. */
final class OpenGroups {
  private int[] openings = new int[16];
  private int[] part = new int[16];
  private int[] shown = new int[16];
  private int depth;
  private int hidden;

  boolean isEmpty() {
    return depth == 0;
  }

  /** Where the innermost group opens. */
  int top() {
    return openings[depth - 1];
  }

  /** Which alternative of the innermost group is being read, from 0. */
  int part() {
    return part[depth - 1];
  }

  /** True unless some open group shows another alternative than the one being read. */
  boolean visible() {
    return hidden == 0;
  }

  void push(int opening) {
    if (depth == openings.length) {
      openings = Arrays.copyOf(openings, depth * 2);
      part = Arrays.copyOf(part, depth * 2);
      shown = Arrays.copyOf(shown, depth * 2);
    }
    openings[depth] = opening;
    part[depth] = 0;
    shown[depth] = -1;
    depth++;
  }

  /** Shows one alternative of the group just opened and hides the others. */
  void hide(int choice, boolean divided) {
    shown[depth - 1] = divided ? choice : -1;
    hidden += isHidden() ? 1 : 0;
  }

  /** The next alternative of the innermost group begins. */
  void next() {
    hidden -= isHidden() ? 1 : 0;
    part[depth - 1]++;
    hidden += isHidden() ? 1 : 0;
  }

  /** Closes the innermost group, if any. */
  void pop() {
    if (depth > 0) {
      hidden -= isHidden() ? 1 : 0;
      depth--;
    }
  }

  private boolean isHidden() {
    return shown[depth - 1] >= 0 && shown[depth - 1] != part[depth - 1];
  }
}
