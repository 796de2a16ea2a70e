package io.sallyport.dialect;

import io.sallyport.fetch.HostPattern;
import java.util.List;

/**
 * An image that a body names by its URL.
 *
 * @param url as the client will read it: whole, or a path on the server that answers; not checked
 * @param hosts whose pictures the dialect lets be fetched, beside the operator's
 * @param start offset of its first byte in the body, after the quote
 * @param end offset after its last byte
 * @param where the JSON Pointer of the place
 */
public record LinkPart(String url, List<HostPattern> hosts, int start, int end, String where) {
  public LinkPart {
    hosts = List.copyOf(hosts);
  }

  /** A signed URL is a credential, and never reaches a log. */
  @Override
  public String toString() {
    return "LinkPart[" + where + "]";
  }
}
