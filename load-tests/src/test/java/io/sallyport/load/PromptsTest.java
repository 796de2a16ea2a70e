package io.sallyport.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PromptsTest {
  @Test
  void equalNumbersGiveEqualPromptsAndHardlyAnyTwoAreAlike() {
    Set<String> prompts = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      prompts.add(Prompts.prompt(i));
    }
    assertThat(Prompts.prompt(7)).isEqualTo(Prompts.prompt(7));
    assertThat(prompts).hasSizeGreaterThan(990);
  }

  @Test
  void aBodyIsARequestOfTheImagesApi() {
    JsonNode body = JsonMapper.shared().readTree(Prompts.body(3, FixedUpstream.LARGE));
    assertThat(body.get("prompt").stringValue()).isEqualTo(Prompts.prompt(3));
    assertThat(body.get("size").stringValue()).isEqualTo("1024x1024");
  }
}
