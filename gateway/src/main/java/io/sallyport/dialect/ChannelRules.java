package io.sallyport.dialect;

import java.util.List;
import java.util.Optional;

/** Which messages a channel (a WebSocket) may carry, and what they are about. Immutable. */
public final class ChannelRules {
  private final Optional<String> client;
  private final Optional<MemberPath> job;
  private final List<MessageRule> down;
  private final List<BinaryRule> binaries;
  private final List<MessageRule> up;

  ChannelRules(
      Optional<String> client,
      Optional<MemberPath> job,
      List<MessageRule> down,
      List<BinaryRule> binaries,
      List<MessageRule> up) {
    this.client = client;
    this.job = job;
    this.down = List.copyOf(down);
    this.binaries = List.copyOf(binaries);
    this.up = List.copyOf(up);
  }

  /** The key of the query by which a client names its channel; empty when nobody names it. */
  public Optional<String> client() {
    return client;
  }

  /**
   * A reader for one channel.
   *
   * @param dropPreviews true when previews go no further, whatever they hold
   */
  public ChannelReader reader(ReadLimits limits, boolean dropPreviews) {
    return new ChannelReader(this, limits, dropPreviews);
  }

  Optional<MemberPath> job() {
    return job;
  }

  List<MessageRule> down() {
    return down;
  }

  List<BinaryRule> binaries() {
    return binaries;
  }

  List<MessageRule> up() {
    return up;
  }
}
