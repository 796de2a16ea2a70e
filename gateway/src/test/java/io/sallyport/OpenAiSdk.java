package io.sallyport;

import tools.jackson.databind.JsonNode;

/**
 * The unmodified npm package {@code openai}, installed once per build folder, and Node to run it.
 */
public final class OpenAiSdk {
  private static final NpmSdk SDK = new NpmSdk("openai", "7.57.0", "sdk", "openai-sdk.mjs");

  private OpenAiSdk() {}

  /** Installs it; the calling test is skipped when Node, npm or the registry is not there. */
  public static void install() throws Exception {
    SDK.install();
  }

  /** Runs one action of the script against a gateway; what it printed. */
  static JsonNode run(RealGateway gateway, String action) throws Exception {
    return run(gateway.url(), action);
  }

  /** The same against any address, such as {@code http://127.0.0.1:8080}. */
  public static JsonNode run(String url, String action) throws Exception {
    return SDK.run(url, action);
  }
}
