package io.sallyport.dialect;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A selector of a part of a form: {@code form:NAME} a field, {@code file:NAME} a file. Brackets are
 * part of the name ({@code file:image[]}, {@code form:lora[name]}). {@code form:NAME/pointer} goes
 * on into JSON that a field holds.
 *
 * <p>In an automaton a form is an object of two members, {@code form:} and {@code file:}, each with
 * a member for every field.
 */
final class FormSelector {
  static final String FORM = "form:";
  static final String FILE = "file:";

  /** Names that a field may have at all; others are refused with the form. */
  static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,40}(?:\\[[A-Za-z0-9_.-]{0,40}])*");

  static final int NAME_MAX = 80;

  private FormSelector() {}

  static boolean is(String spelled) {
    return spelled.startsWith(FORM) || spelled.startsWith(FILE);
  }

  static boolean is(Selector selector) {
    return selector.steps().getFirst() instanceof Selector.Step.Name(String name)
        && (name.equals(FORM) || name.equals(FILE));
  }

  static boolean isFile(Selector selector) {
    return selector.steps().getFirst() instanceof Selector.Step.Name(String name)
        && name.equals(FILE);
  }

  /**
   * The steps that a selector stands for; none, and a problem, when it is wrong.
   *
   * @param pointer reads what follows the name
   */
  static List<Selector.Step> steps(
      String spelled, Function<String, List<Selector.Step>> pointer, Consumer<String> problem) {
    String kind = spelled.startsWith(FORM) ? FORM : FILE;
    String rest = spelled.substring(kind.length());
    int slash = rest.indexOf('/');
    String name = slash < 0 ? rest : rest.substring(0, slash);
    if (name.length() > NAME_MAX || !NAME.matcher(name).matches()) {
      problem.accept("not the name of a field: '" + name + "' in selector '" + spelled + "'");
      return List.of();
    }
    if (slash >= 0 && kind.equals(FILE)) {
      problem.accept("nothing is selected inside a file: '" + spelled + "'");
      return List.of();
    }
    List<Selector.Step> steps = new ArrayList<>();
    steps.add(new Selector.Step.Name(kind));
    steps.add(new Selector.Step.Name(name));
    if (slash >= 0) {
      List<Selector.Step> inner = pointer.apply(rest.substring(slash));
      steps.addAll(inner);
      return inner.isEmpty() ? List.of() : steps;
    }
    return steps;
  }
}
