package io.sallyport.audit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The arithmetic of the hash chain.
 *
 * <p>leaf = SHA-256(0x00 || body), as RFC 6962 section 2.1 hashes a leaf; row hash =
 * SHA-256("sallyport-audit-row-v1" || 0x00 || previous hash || sequence as 8 bytes, big-endian ||
 * leaf). The chain binds the leaf and not the body itself so that a Merkle tree can stand on the
 * same leaves, and so that a body may go one day while its leaf keeps the chain whole.
 *
 * <p>A plain chain shows a change, a removal, an insertion and a reordering in the middle. It
 * cannot show a removed tail, nor stop someone who rewrites everything after a row: compare the
 * head with one that was noted elsewhere.
 */
final class Chain {
  /** The head of an empty log, and the previous hash of the first row. */
  static final Receipt GENESIS = new Receipt(0, "0".repeat(64));

  private static final byte[] DOMAIN =
      "sallyport-audit-row-v1\0".getBytes(StandardCharsets.US_ASCII);

  private Chain() {}

  /** The receipt of the row that follows {@code head} and holds {@code body}. */
  static Receipt next(Receipt head, byte[] body) {
    long sequence = head.sequence() + 1;
    return new Receipt(
        sequence, HexFormat.of().formatHex(hash(bytes(head.hash()), sequence, body)));
  }

  static byte[] hash(byte[] previous, long sequence, byte[] body) {
    MessageDigest sha = sha256();
    sha.update((byte) 0);
    byte[] leaf = sha.digest(body);
    sha.update(DOMAIN);
    sha.update(previous);
    sha.update(ByteBuffer.allocate(Long.BYTES).putLong(sequence).array());
    return sha.digest(leaf);
  }

  static byte[] bytes(String hash) {
    return HexFormat.of().parseHex(hash);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
