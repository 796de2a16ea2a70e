package io.sallyport.dialect;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The member names of every open object, to find a name that comes twice. */
final class SeenNames {
  private final List<Set<String>> open = new ArrayList<>();

  void open() {
    open.add(new HashSet<>());
  }

  void close() {
    open.removeLast();
  }

  /** Notes a name, with its escapes undone: however it is spelled, it is the same name. */
  void add(String name) {
    if (!open.getLast().add(name)) {
      throw new UnreadableException(Defect.DUPLICATE_KEY);
    }
  }
}
