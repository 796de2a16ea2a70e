package io.sallyport.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AutomatonTest {
  /** Stands for an array element in a path. */
  private static final String ELEMENT = "#";

  @ParameterizedTest
  @CsvSource({
    "/prompt, prompt, true",
    "/prompt, prompts, false",
    "/prompt, promp, false",
    "/prompt, a/prompt, false",
    "/prompt, prompt/a, false",
    "/data/*/b64_json, data/#/b64_json, true",
    "/data/*/b64_json, data/x/b64_json, true",
    "/data/*/b64_json, data/b64_json, false",
    "/data/**, data, true",
    "/data/**, data/#/x/y, true",
    "/**/image, image, true",
    "/**/image, a/#/image, true",
    "/**/image, a/image/b, false",
    "/a/**/b/**/c, a/b/c, true",
    "/a/**/b/**/c, a/x/b/y/z/c, true",
    "/a/**/b/**/c, a/c/b, false",
    "'/{a,b/c}/d', a/d, true",
    "'/{a,b/c}/d', b/c/d, true",
    "'/{a,b/c}/d', b/d, false",
    "/a~1b, a|b, true",
    "/m~0n, m~n, true",
    "/0, 0, true",
    "/0, #, false",
  })
  void selectsPlaces(String selector, String path, boolean selected) {
    Automaton automaton = automaton(selector);
    assertThat(claims(automaton, List.of(path.split("/")))).isEqualTo(selected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "prompt",
        "/",
        "//a",
        "/a//b",
        "/a[x]",
        "/a[x=1]b",
        "/a[x>1]",
        "/**[x=1]",
        "/**/a[x=1]",
        "/a[a=1][b=2][c=3][d=4][e=5]",
        "/a*",
        "/***",
        "/{a",
        "/a}",
        "/{a,{b,c}}",
        "/a~2",
        "/a~",
      })
  void refusesWhatIsNoSelector(String text) {
    List<String> problems = new ArrayList<>();
    assertThat(Selector.parse(text, problems::add)).isEmpty();
    assertThat(problems).hasSize(1);
  }

  @Test
  void firstRuleWinsWhereSeveralSelect() {
    Claim text = new Claim.Text(TextPart.Role.POSITIVE, false, "");
    Claim opaque = new Claim.Opaque();
    Automaton automaton =
        AutomatonBuilder.build(List.of(rule("/a/b", opaque), rule("/a/**", text))).orElseThrow();
    assertThat(automaton.claim(state(automaton, List.of("a", "b")))).isSameAs(opaque);
    assertThat(automaton.claim(state(automaton, List.of("a", "c")))).isSameAs(text);
    assertThat(automaton.claim(state(automaton, List.of("c")))).isEqualTo(new Claim.Unclaimed());
  }

  @Test
  void tellsRulesThatReachNothing() {
    Claim text = new Claim.Text(TextPart.Role.POSITIVE, false, "");
    Automaton automaton =
        AutomatonBuilder.build(List.of(rule("/a/*", text), rule("/a/b", text), rule("/a", text)))
            .orElseThrow();
    assertThat(automaton.reaches(0)).isTrue();
    assertThat(automaton.reaches(1)).isFalse();
    assertThat(automaton.reaches(2)).isTrue();
  }

  @Test
  void refusesToGrowWithoutBound() {
    List<AutomatonBuilder.Rule> rules = new ArrayList<>();
    for (int i = 0; i < 14; i++) {
      rules.add(rule("/**/n" + i + "/**/m" + i, new Claim.Opaque()));
    }
    assertThat(AutomatonBuilder.build(rules)).isEmpty();
  }

  @Test
  void findsNamesAmongMany() {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      names.add("name-" + i * 31);
    }
    NameTable table = new NameTable(names);
    for (int i = 0; i < names.size(); i++) {
      byte[] body = ("\"" + names.get(i) + "\"").getBytes(UTF_8);
      assertThat(table.find(body, 1, body.length - 1)).isEqualTo(i);
      assertThat(table.find(body, 0, body.length)).isEqualTo(-1);
    }
    assertThat(new NameTable(List.of()).find(new byte[4], 0, 2)).isEqualTo(-1);
    assertThat(new NameTable(List.of()).find(new byte[4], 0, 0)).isEqualTo(-1);
  }

  @Test
  void agreesWithTheDefinitionOfASelector() {
    long seed = 99;
    SplittableRandom random = new SplittableRandom(seed);
    int selected = 0;
    for (int i = 0; i < 3_000; i++) {
      List<String> steps = pick(random, List.of("a", "b", "*", "**"), 1 + random.nextInt(4));
      List<String> others = pick(random, List.of("a", "b", "*", "**"), 1 + random.nextInt(4));
      List<String> path = pick(random, List.of("a", "b", "c", ELEMENT), random.nextInt(6));
      Automaton automaton =
          AutomatonBuilder.build(
                  List.of(
                      rule("/" + String.join("/", steps), new Claim.Opaque()),
                      rule("/" + String.join("/", others), new Claim.User())))
              .orElseThrow();
      Claim expected =
          matches(steps, path)
              ? new Claim.Opaque()
              : matches(others, path) ? new Claim.User() : new Claim.Unclaimed();
      assertThat(automaton.claim(state(automaton, path)))
          .as("seed %d case %d: %s %s on %s", seed, i, steps, others, path)
          .isEqualTo(expected);
      selected += expected instanceof Claim.Unclaimed ? 0 : 1;
    }
    assertThat(selected).isGreaterThan(500);
  }

  private static boolean matches(List<String> steps, List<String> path) {
    if (steps.isEmpty()) {
      return path.isEmpty();
    }
    List<String> later = steps.subList(1, steps.size());
    if (steps.getFirst().equals("**")) {
      return matches(later, path)
          || (!path.isEmpty() && matches(steps, path.subList(1, path.size())));
    }
    return !path.isEmpty()
        && (steps.getFirst().equals("*") || steps.getFirst().equals(path.getFirst()))
        && matches(later, path.subList(1, path.size()));
  }

  private static List<String> pick(SplittableRandom random, List<String> from, int count) {
    List<String> picked = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      picked.add(from.get(random.nextInt(from.size())));
    }
    return picked;
  }

  private static Automaton automaton(String selector) {
    return AutomatonBuilder.build(List.of(rule(selector, new Claim.Opaque()))).orElseThrow();
  }

  private static AutomatonBuilder.Rule rule(String selector, Claim claim) {
    return new AutomatonBuilder.Rule(
        Selector.parse(
            selector,
            problem -> {
              throw new AssertionError(problem);
            }),
        claim);
  }

  private static boolean claims(Automaton automaton, List<String> path) {
    return !(automaton.claim(state(automaton, path)) instanceof Claim.Unclaimed);
  }

  private static int state(Automaton automaton, List<String> path) {
    int state = Automaton.ROOT;
    for (String name : path) {
      byte[] bytes = name.replace('|', '/').getBytes(UTF_8);
      state =
          name.equals(ELEMENT)
              ? automaton.element(state)
              : automaton.member(state, bytes, 0, bytes.length);
    }
    return state;
  }
}
