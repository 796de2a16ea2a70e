package io.sallyport.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.detect.PromptCache.Key;
import io.sallyport.signal.Cause;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class PromptCacheTest {
  private static final Map<String, String> DIGESTS = Map.of("a", "1", "b", "2");
  private static final Signal GOOD = new Signal.Score("a", Stage.PROMPT, "dog", 0.5);
  private static final Signal FAILED = new Signal.Unavailable("b", Stage.PROMPT, Cause.TIMEOUT);

  private final PromptCache cache = new PromptCache(100);

  private Key key(String... texts) {
    return cache.key(Stage.PROMPT, List.of(texts), DIGESTS, "policy");
  }

  @Test
  void aRepeatedPromptIsAHit() {
    assertThat(cache.get(key("a dog"))).isEmpty();
    cache.put(key("a dog"), List.of(GOOD));
    assertThat(cache.get(key("a dog"))).contains(List.of(GOOD));
    assertThat(cache.hits()).isEqualTo(1);
    assertThat(cache.misses()).isEqualTo(1);
    assertThat(cache.size()).isEqualTo(1);
  }

  @Test
  void signalsWithAFailedCheckAreNotKept() {
    cache.put(key("a dog"), List.of(GOOD, FAILED));
    cache.put(key("a dog"), List.of());
    assertThat(cache.get(key("a dog"))).isEmpty();
  }

  @Test
  void whatIsKeptIsACopy() {
    List<Signal> signals = new ArrayList<>(List.of(GOOD));
    cache.put(key("a dog"), signals);
    signals.clear();
    assertThat(cache.get(key("a dog"))).contains(List.of(GOOD));
  }

  @Test
  void differentInputsHaveDifferentKeys() {
    String lone = "\ud83d";
    assertThat(
            List.of(
                key("a dog"),
                key("A dog"),
                key("a dog "),
                // One normal form, but not one text.
                key("\u00e9"),
                key("e\u0301"),
                // UTF-8 would spell these three alike.
                key(lone),
                key("\ude00"),
                key("?"),
                key(),
                key(""),
                key("", ""),
                key("ab", "c"),
                key("a", "bc"),
                key("abc"),
                key("x".repeat(5000)),
                key("x".repeat(5001)),
                cache.key(Stage.PROMPT, List.of("a dog"), Map.of("a", "1", "b", "3"), "policy"),
                cache.key(Stage.PROMPT, List.of("a dog"), Map.of("a", "1"), "policy"),
                cache.key(Stage.PROMPT, List.of("a dog"), DIGESTS, "other")))
        .doesNotHaveDuplicates();
  }

  @Test
  void theOrderOfDetectorsDoesNotMatter() {
    Map<String, String> other = new LinkedHashMap<>();
    other.put("b", "2");
    other.put("a", "1");
    assertThat(cache.key(Stage.PROMPT, List.of("a dog"), other, "policy")).isEqualTo(key("a dog"));
  }

  @Test
  void anotherProcessHasOtherKeys() {
    assertThat(new PromptCache(1).key(Stage.PROMPT, List.of("a dog"), DIGESTS, "policy"))
        .isNotEqualTo(key("a dog"));
  }

  @Test
  void theBoundIsOnSignals() {
    for (int i = 0; i < 1000; i++) {
      cache.put(key("dog " + i), List.of(GOOD, GOOD));
    }
    assertThat(cache.size()).isBetween(1L, 50L);
  }

  @Test
  void aCacheOfNoSizeKeepsNothing() {
    PromptCache none = new PromptCache(0);
    Key key = none.key(Stage.PROMPT, List.of("a dog"), DIGESTS, "policy");
    none.put(key, List.of(GOOD));
    assertThat(none.get(key)).isEmpty();
  }

  @Test
  void keysAreTheSameOnEveryThread() throws Exception {
    Key expected = key("a dog on a beach");
    try (var threads = Executors.newFixedThreadPool(4)) {
      Callable<Boolean> same =
          () -> {
            for (int i = 0; i < 2000; i++) {
              if (!key("a dog on a beach").equals(expected)) {
                return false;
              }
            }
            return true;
          };
      for (var result : threads.invokeAll(List.of(same, same, same, same))) {
        assertThat(result.get()).isTrue();
      }
    }
  }
}
