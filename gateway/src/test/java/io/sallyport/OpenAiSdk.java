package io.sallyport;

import io.sallyport.testing.NpmPackages;
import tools.jackson.databind.JsonNode;

/** The unmodified npm package {@code openai}, and a script that uses it. */
public final class OpenAiSdk {
  private OpenAiSdk() {}

  /** Installs it; the calling test is skipped when Node, npm or the registry is not there. */
  public static NpmPackages install() throws Exception {
    return NpmPackages.install(OpenAiSdk.class, "openai-sdk.mjs", "openai@7.57.0");
  }

  /** Runs one action of the script against a gateway; what it printed. */
  static JsonNode run(RealGateway gateway, String action) throws Exception {
    return run(gateway.url(), action);
  }

  /** The same against any address, such as {@code http://127.0.0.1:8080}. */
  public static JsonNode run(String url, String action) throws Exception {
    return install().run(url, action);
  }
}
