package io.sallyport.detect.image.ffm;

import java.util.Optional;

/**
 * What {@link Use#AUTO} asks of a library that is there. A distribution may have patched an older
 * version without changing its number; from here that cannot be told, so it is not guessed.
 *
 * @param library its name
 * @param found the version that it tells, empty when it tells none
 * @param least the least that is used unasked, empty when any is
 */
public record Need(String library, Optional<LibraryVersion> found, Optional<LibraryVersion> least) {
  boolean met() {
    return least.isEmpty() || found.filter(it -> it.compareTo(least.get()) >= 0).isPresent();
  }

  String version() {
    return found.map(LibraryVersion::toString).orElse("unknown");
  }
}
