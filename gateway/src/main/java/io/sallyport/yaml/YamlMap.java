package io.sallyport.yaml;

import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * A mapping that remembers which of its keys were read.
 *
 * <p>Read every known key, then call {@link #rejectUnknown()}: keys that nobody asked for are
 * problems, each at its own line.
 */
public final class YamlMap {
  private final YamlValue self;
  private final Map<String, YamlValue> entries;
  private final Set<String> read = new HashSet<>();

  YamlMap(YamlValue self, Map<String, YamlValue> entries) {
    this.self = self;
    this.entries = entries;
  }

  /** The value that this mapping is, for its place. */
  public YamlValue self() {
    return self;
  }

  public boolean has(String key) {
    return entries.containsKey(key);
  }

  /** The value at {@code key}, when it is there. Counts as read either way. */
  public Optional<YamlValue> get(String key) {
    read.add(key);
    return Optional.ofNullable(entries.get(key));
  }

  /**
   * What {@code reader} makes of the value at {@code key}, or {@code absent} when it is not there.
   */
  public <T> T get(String key, T absent, Function<YamlValue, T> reader) {
    Optional<YamlValue> value = get(key);
    return value.isPresent() ? reader.apply(value.get()) : absent;
  }

  /** As {@link #get(String, Object, Function)}, but a missing key is a problem too. */
  public <T> T require(String key, T standIn, Function<YamlValue, T> reader) {
    if (!entries.containsKey(key)) {
      self.problem("missing key '" + key + "'");
    }
    return get(key, standIn, reader);
  }

  /** Required text. */
  public String string(String key) {
    return require(key, "?", YamlValue::asString);
  }

  /** Every entry in file order; all count as read. For mappings whose keys are names. */
  public void forEach(BiConsumer<String, YamlValue> action) {
    read.addAll(entries.keySet());
    entries.forEach(action);
  }

  /** Ends the reading of this mapping: whatever was not asked for is a problem. */
  public void rejectUnknown() {
    entries.forEach(
        (key, value) -> {
          if (!read.contains(key)) {
            value.problem("unknown key");
          }
        });
  }
}
