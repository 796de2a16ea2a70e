package io.sallyport.proxy;

import io.sallyport.dialect.ClientError;
import java.util.Locale;

/**
 * Why an image that a reply names by URL could not be had, and so not be judged. The image was made
 * by then: none of these invites to try again by itself.
 */
enum FetchReason implements RefusalReason {
  /** A URL of a kind, host or port that is not fetched, or a path that no route hands out. */
  UNRESOLVABLE_OUTPUT("names an image at a place that is not checked."),
  /** Redirected too often, or to where it may not be fetched from. */
  FETCH_REDIRECT,
  /** The host's name has no address. */
  FETCH_NAME,
  /** The host's name has an address that is not public. */
  FETCH_ADDRESS,
  /** No connection. */
  FETCH_CONNECT,
  /** No TLS, or not with the host that was named. */
  FETCH_TLS,
  /** Not there in time. */
  FETCH_TIMEOUT,
  /** An answer other than 200. */
  FETCH_STATUS,
  /** A content coding, though none was asked for. */
  FETCH_CODING,
  /** A type that is no image's. */
  FETCH_TYPE,
  /** More bytes than the cap. */
  FETCH_TOO_LARGE,
  /** Broke off, or is no HTTP. */
  FETCH_CUT,
  /** Too many fetches are in flight. */
  FETCH_BUSY;

  private final String what;

  FetchReason() {
    this("names an image that could not be fetched.");
  }

  FetchReason(String what) {
    this.what = what;
  }

  /** How the API spells it. */
  ClientError error() {
    return this == FETCH_TIMEOUT ? ClientError.UPSTREAM_TIMEOUT : ClientError.UPSTREAM_BAD_REPLY;
  }

  /** What the client is told. */
  String message() {
    return "The image service's answer " + what;
  }

  @Override
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
