package io.sallyport.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Words that are split over the nodes of a graph, or over the inputs of one. */
class GraphJoinsTest {
  private static Reading read(String nodes) {
    return GraphReaderTest.read("{'prompt':{" + nodes + "}}");
  }

  private static List<TextPart> texts(String nodes) {
    Reading reading = read(nodes);
    assertThat(Samples.outcome(reading)).isEqualTo("parts");
    return ((Reading.Parts) reading).texts();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        // over the inputs of one node, of whatever class and in whatever order they are written
        "'1':{'class_type':'StringConcatenate','inputs':{'string_a':'zep','string_b':'pelin','delimiter':''}}",
        "'1':{'class_type':'StringConcatenate','inputs':{'string_b':'pelin','delimiter':'','string_a':'zep'}}",
        "'1':{'class_type':'StringConcatenate','inputs':{'string_a':'zep','string_b':'elin','delimiter':'p'}}",
        "'1':{'class_type':'Mine','inputs':{'text':'pelin','before':'zep'}}",
        "'1':{'class_type':'Mine','inputs':{'text':'pe','after':'lin','start':'zep'}}",
        "'1':{'class_type':'Mine','inputs':{'list':['zep','pelin']}}",
        "'1':{'class_type':'Mine','inputs':{'parts':{'one':'zep','two':'pelin'}}}",
        "'1':{'class_type':'Mine','inputs':{'text_10':'lin','text_9':'e','text_8':'p','text_7':'zep'}}",
        "'1':{'class_type':'Mine','inputs':{'d':'z','c':'ep','b':'pe','a':'lin'}}",
        // over two nodes
        "'1':{'class_type':'PrimitiveString','inputs':{'value':'zep'}},"
            + "'2':{'class_type':'Concat','inputs':{'a':['1',0],'b':'pelin'}}",
        "'1':{'class_type':'PrimitiveString','inputs':{'value':'zep'}},"
            + "'2':{'class_type':'PrimitiveString','inputs':{'value':'pelin'}},"
            + "'3':{'class_type':'Concat','inputs':{'a':['1',0],'b':['2',0]}},"
            + "'4':{'class_type':'CLIPTextEncode','inputs':{'text':['3',0]}}",
        // over a chain, one way and the other
        "'1':{'class_type':'Concat','inputs':{'a':'z','b':'ep'}},"
            + "'2':{'class_type':'Concat','inputs':{'a':['1',0],'b':'pe'}},"
            + "'3':{'class_type':'Concat','inputs':{'a':['2',0],'b':'lin'}}",
        "'1':{'class_type':'Concat','inputs':{'a':'n','b':'li'}},"
            + "'2':{'class_type':'Concat','inputs':{'a':['1',0],'b':'ppe'}},"
            + "'3':{'class_type':'Concat','inputs':{'a':['2',0],'b':'ze'}}",
        "'1':{'class_type':'Concat','inputs':{'a':'pe','b':'zep'}},"
            + "'2':{'class_type':'Concat','inputs':{'a':['1',0],'b':'lin'}}",
        // with a node in the way that knows nothing of texts, and one listed first that comes last
        "'3':{'class_type':'Concat','inputs':{'a':['2',0],'b':'pelin'}},"
            + "'2':{'class_type':'Reroute','inputs':{'':['1',0]}},"
            + "'1':{'class_type':'PrimitiveString','inputs':{'value':'zep'}}",
        // with inputs beside it that a server leaves out
        "'1':{'class_type':'Concat','inputs':{'a':'zep','b':'pelin','clip':['2',0]}},"
            + "'2':{'class_type':'CLIPLoader','inputs':{}}",
      })
  void aWordIsJudgedAsTheWord(String nodes) {
    assertThat(texts(nodes)).anyMatch(text -> text.value().contains("zeppelin"));
    assertThat(texts(nodes)).allMatch(text -> text.role() == TextPart.Role.POSITIVE);
  }

  @Test
  void theUsualOrderStandsAlone() {
    assertThat(texts("'1':{'class_type':'Concat','inputs':{'b':'house','a':'light'}}"))
        .extracting(TextPart::value)
        .containsExactly("house", "light", "lighthouse", "houselight");
  }

  @Test
  void aWordIsFoundAtTheSeamOfLongTexts() {
    String long1 = "on a hill ".repeat(300) + "zep";
    String long2 = "pelin" + " in a field".repeat(300);
    String nodes =
        "'1':{'class_type':'PrimitiveString','inputs':{'value':'"
            + long1
            + "'}},"
            + "'2':{'class_type':'Concat','inputs':{'a':['1',0],'b':'"
            + long2
            + "'}},"
            + "'3':{'class_type':'Concat','inputs':{'a':['2',0],'b':' and more'}}";
    assertThat(texts(nodes)).anyMatch(text -> text.value().contains("zeppelin"));
  }

  @Test
  void textsThatMeetInAPictureAreNotJoined() {
    assertThat(texts(GraphReaderTest.USUAL.replace('"', '\'')))
        .extracting(TextPart::value)
        .containsExactly("a red house", "blurry");
  }

  @Test
  void negativeTextsAreJoinedWithTheirLike() {
    String nodes =
        "'1':{'class_type':'Concat','inputs':{'a':'zep','b':'pelin'}},"
            + "'2':{'class_type':'CLIPTextEncode','inputs':{'text':['1',0]}},"
            + "'3':{'class_type':'MyEncode','inputs':{'text':'a house'}},"
            + "'4':{'class_type':'MySampler','inputs':{'positive':['3',0],'negative':['2',0]}}";
    assertThat(texts(nodes))
        .filteredOn(text -> text.role() == TextPart.Role.POSITIVE)
        .extracting(TextPart::value)
        .containsExactly("a house");
    assertThat(texts(nodes))
        .filteredOn(text -> text.role() == TextPart.Role.NEGATIVE)
        .extracting(TextPart::value)
        .contains("zeppelin");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'a':'https:/','b':'/a.example/b'|not_judged /prompt/1",
        "'a':'x.p','b':'ng'|not_judged /prompt/1",
        "'a':'data','b':':image/png;ba','c':'se64,iVBORw0KGgoAAAANSUhE'|unclaimed_image /prompt/1",
        "'a':'iVBORw','b':'0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAf'|unclaimed_image /prompt/1",
      })
  void urlsFilesAndImagesAreFoundInWhatIsJoined(String inputs, String expected) {
    assertThat(Samples.outcome(read("'1':{'class_type':'Concat','inputs':{" + inputs + "}}")))
        .isEqualTo(expected);
  }

  @Test
  void textsThatRunInACircleAreRefused() {
    assertThat(
            Samples.outcome(
                read(
                    "'1':{'class_type':'Concat','inputs':{'a':['2',0],'b':'x'}},"
                        + "'2':{'class_type':'Concat','inputs':{'a':['1',0]}}")))
        .startsWith("not_judged");
  }

  /** Each node doubles the text; without a bound it would be two to the power of a thousand. */
  @Test
  void textsThatGrowAreBounded() {
    StringBuilder nodes = new StringBuilder("'0':{'class_type':'X','inputs':{'value':'word '}}");
    for (int i = 1; i <= 1_000; i++) {
      nodes.append(
          ",'"
              + i
              + "':{'class_type':'X','inputs':{'a':['"
              + (i - 1)
              + "',0],'b':['"
              + (i - 1)
              + "',0]}}");
    }
    Reading reading = read(nodes.toString());
    assertThat(Samples.outcome(reading)).containsAnyOf("parts", "too_many", "too_long");
  }

  @Test
  void aLongChainNeedsNoDeepStack() {
    StringBuilder nodes = new StringBuilder("'0':{'class_type':'X','inputs':{'value':'zep'}}");
    for (int i = 1; i <= 9_000; i++) {
      nodes.append(",'" + i + "':{'class_type':'X','inputs':{'a':['" + (i - 1) + "',0]}}");
    }
    nodes.append(",'end':{'class_type':'X','inputs':{'a':['9000',0],'b':'pelin'}}");
    assertThat(texts(nodes.toString())).anyMatch(text -> text.value().contains("zeppelin"));
  }
}
