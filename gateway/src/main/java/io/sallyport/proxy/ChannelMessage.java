package io.sallyport.proxy;

/**
 * One message of a WebSocket, put together from its frames.
 *
 * @param text true for text, false for a binary one
 * @param bytes written by nobody any more
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
record ChannelMessage(boolean text, byte[] bytes) {
  int length() {
    return bytes.length;
  }

  /** Content never reaches a log by accident. */
  @Override
  public String toString() {
    return "ChannelMessage[" + (text ? "text, " : "binary, ") + bytes.length + " bytes]";
  }
}
