package io.sallyport.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the texts of a graph do, by where they go. */
class GraphRolesTest {
  private static final String TEXT =
      "'1':{'class_type':'CLIPTextEncode','inputs':{'text':'a zeppelin'}}";
  private static final String SAMPLER =
      "'9':{'class_type':'KSampler','inputs':{'positive':['2',0],'negative':['1',0],'cfg':7}}";

  private static String role(String nodes) {
    Reading reading = GraphReaderTest.read("{'prompt':{" + nodes + "}}");
    assertThat(Samples.outcome(reading)).isEqualTo("parts");
    List<String> roles =
        ((Reading.Parts) reading)
            .texts().stream()
                .filter(text -> text.value().equals("a zeppelin"))
                .map(text -> text.role().wire())
                .toList();
    assertThat(roles).hasSize(1);
    return roles.getFirst();
  }

  /** The node 1 has the text; what follows are other nodes. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        // nowhere
        "positive|'2':{}",
        // to a sampler, and on as a picture
        "negative|'2':{'class_type':'KSampler','inputs':{'negative':['1',0]}}",
        "negative|'2':{'class_type':'KSampler','inputs':{'negative':['1',0]}},"
            + "'3':{'class_type':'VAEDecode','inputs':{'samples':['2',0]}},"
            + "'4':{'class_type':'SaveImage','inputs':{'images':['3',0]}}",
        // to a second sampler behind the first
        "negative|'2':{'class_type':'KSampler','inputs':{'negative':['1',0]}},"
            + "'3':{'class_type':'KSampler','inputs':{'latent_image':['2',0],'negative':['1',0]}}",
        // by way of a guider
        "negative|'2':{'class_type':'CFGGuider','inputs':{'negative':['1',0]}},"
            + "'3':{'class_type':'SamplerCustomAdvanced','inputs':{'guider':['2',0]}}",
        // through any node
        "negative|'2':{'class_type':'Any','inputs':{'x':['1',0]}},"
            + "'3':{'class_type':'Mine','inputs':{'negative':['2',0]}}",
        // to both
        "positive|'2':{'class_type':'KSampler','inputs':{'negative':['1',0],'positive':['1',0]}}",
        "positive|'2':{'class_type':'Any','inputs':{'x':['1',0]}},"
            + "'3':{'class_type':'KSampler','inputs':{'negative':['2',0],'positive':['2',1]}}",
        // to one, and elsewhere
        "positive|'2':{'class_type':'KSampler','inputs':{'negative':['1',0]}},"
            + "'3':{'class_type':'BasicGuider','inputs':{'conditioning':['1',0]}}",
        "positive|'2':{'class_type':'KSampler','inputs':{'negative':['1',0]}},"
            + "'3':{'class_type':'ShowText','inputs':{'text':['1',0]}}",
        // behind 'negative' and out again where a prompt goes
        "positive|'2':{'class_type':'Mine','inputs':{'negative':['1',0]}},"
            + "'3':{'class_type':'KSampler','inputs':{'positive':['2',1]}}",
        "positive|'2':{'class_type':'Mine','inputs':{'negative':['1',0]}},"
            + "'3':{'class_type':'BasicGuider','inputs':{'conditioning':['2',1]}}",
        "positive|'2':{'class_type':'Mine','inputs':{'negative':['1',0]}},"
            + "'3':{'class_type':'ToPipe','inputs':{'pipe':['2',1]}}",
        // a class that hands on both: by the slot
        "negative|'2':{'class_type':'ControlNetApplyAdvanced','inputs':{'negative':['1',0]}},"
            + "'3':{'class_type':'KSampler','inputs':{'positive':['2',0],'negative':['2',1]}}",
        "positive|'2':{'class_type':'ControlNetApplyAdvanced','inputs':{'negative':['1',0]}},"
            + "'3':{'class_type':'KSampler','inputs':{'positive':['2',1],'negative':['2',0]}}",
        "positive|'2':{'class_type':'ControlNetApplyAdvanced','inputs':{'negative':['1',0]}},"
            + "'3':{'class_type':'KSampler','inputs':{'positive':['2',-1]}}",
        "positive|'2':{'class_type':'ControlNetApplyAdvanced','inputs':{'negative':['1',0]}},"
            + "'3':{'class_type':'KSampler','inputs':{'positive':['2',true]}}",
        "positive|'2':{'class_type':'ControlNetApplyAdvanced','inputs':{'negative':['1',0]}},"
            + "'3':{'class_type':'BasicGuider','inputs':{'conditioning':['2',1]}}",
        // inputs that a server leaves out, to make a handing-on node look like a sampler
        "positive|'2':{'class_type':'Mine','inputs':{'negative':['1',0],'model':['9',0],'cfg':7}},"
            + "'9':{},'3':{'class_type':'KSampler','inputs':{'positive':['2',0]}}",
        // in a circle, and out nowhere
        "positive|'2':{'class_type':'CFGGuider','inputs':{'x':['1',0],'y':['3',0]}},"
            + "'3':{'class_type':'CFGGuider','inputs':{'x':['2',0]}}",
      })
  void followsATextForward(String role, String nodes) {
    assertThat(role(TEXT + "," + nodes)).isEqualTo(role);
  }

  @Test
  void aTextAtAnInputNamedNegativeIsOneWhenThePictureIsAllThatComesOfIt() {
    String node = "'1':{'class_type':'Mine','inputs':{'negative':'a zeppelin'}}";
    assertThat(role(node + ",'2':{'class_type':'SaveImage','inputs':{'images':['1',0]}}"))
        .isEqualTo("negative");
    assertThat(role(node + ",'2':{'class_type':'CLIPTextEncode','inputs':{'text':['1',0]}}"))
        .isEqualTo("positive");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "negative|'cfg':7.5",
        "negative|'cfg':1",
        "positive|'cfg':0.5",
        "positive|'cfg':-7",
        "positive|'cfg':'0'",
        "positive|'cfg':['8',0]",
        "negative|'cfg':['7',0]",
        "positive|'cfg':['6',0]",
        "positive|'cfg':['5',0]",
      })
  void guidanceThatMakesNegativeTextsShowMakesPromptsOfThem(String role, String cfg) {
    String numbers =
        ",'5':{'class_type':'PrimitiveFloat','inputs':{'value':['7',0]}}"
            + ",'6':{'class_type':'PrimitiveFloat','inputs':{'value':-4.0}}"
            + ",'7':{'class_type':'PrimitiveFloat','inputs':{'value':4.0}}"
            + ",'8':{'class_type':'Reckon','inputs':{'value':4.0}}";
    assertThat(role(TEXT + ",'2':{}," + SAMPLER.replace("'cfg':7", cfg) + numbers)).isEqualTo(role);
  }

  @Test
  void theSameTextTwiceIsAPromptWhenItIsOneOnce() {
    String other = "'2':{'class_type':'CLIPTextEncode','inputs':{'text':'a zeppelin'}}";
    assertThat(role(TEXT + "," + other + "," + SAMPLER)).isEqualTo("positive");
  }
}
