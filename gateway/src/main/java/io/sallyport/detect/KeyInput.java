package io.sallyport.detect;

import java.nio.ByteBuffer;
import javax.crypto.Mac;

/**
 * Feeds values to a keyed hash so that different values are different bytes: each text goes with
 * its length before it, and as UTF-16 code units, because UTF-8 would spell every unpaired
 * surrogate alike. One thread.
 */
final class KeyInput {
  private final Mac mac;
  private final ByteBuffer buffer = ByteBuffer.allocate(1024);

  KeyInput(Mac mac) {
    this.mac = mac;
  }

  void put(int value) {
    room();
    buffer.putInt(value);
  }

  void put(String text) {
    put(text.length());
    for (int i = 0; i < text.length(); i++) {
      room();
      buffer.putChar(text.charAt(i));
    }
  }

  PromptCache.Key finish() {
    flush();
    ByteBuffer hash = ByteBuffer.wrap(mac.doFinal());
    return new PromptCache.Key(hash.getLong(), hash.getLong(), hash.getLong(), hash.getLong());
  }

  private void room() {
    if (buffer.remaining() < Integer.BYTES) {
      flush();
    }
  }

  private void flush() {
    mac.update(buffer.flip());
    buffer.clear();
  }
}
