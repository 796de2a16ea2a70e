package io.sallyport.cli;

import java.nio.file.Path;

/** The configuration file that the demo writes, for people to read and to start their own from. */
final class DemoConfig {
  private DemoConfig() {}

  static String text(Path policies, int port, int adminPort, int upstreamPort) {
    return """
    # Written by `sallyport demo` at each start. Copy it to begin with your own.
    listen: {host: 127.0.0.1, port: %2$d}
    admin: {host: 127.0.0.1, port: %3$d}

    upstream:
      url: "http://127.0.0.1:%4$d"
      dialect: openai-images

    policies: {dir: '%1$s', default: demo}
    models: {dir: models}

    detectors:
      prompt-terms: {kind: lexicon, file: '%1$s/lexicons/default.yaml'}
      prompt-concepts: {kind: concepts, model: all-minilm-l6-v2-int8, file: '%1$s/concepts/default.yaml'}
      image-nsfw: {kind: image-classifier, model: nsfwjs-mobilenet-v2-mid}
      demo-terms: {kind: lexicon, file: '%1$s/lexicons/demo.yaml'}
      image-magenta: {kind: image-classifier, model: magenta}

    audit: {dir: audit}
    """
        .formatted(policies.toString().replace("'", "''"), port, adminPort, upstreamPort);
  }
}
