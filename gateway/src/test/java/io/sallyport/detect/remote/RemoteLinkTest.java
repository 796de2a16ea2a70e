package io.sallyport.detect.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import io.sallyport.Models;
import io.sallyport.Poll;
import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.image.ImageFormat;
import io.sallyport.detect.image.Picture;
import io.sallyport.detect.image.Placement;
import io.sallyport.detect.image.View;
import io.sallyport.detect.onnx.ImageExample;
import io.sallyport.detect.onnx.ModelStore;
import io.sallyport.detect.onnx.OnnxRuntime;
import io.sallyport.detect.onnx.RemoteInput;
import io.sallyport.detect.onnx.RemoteModel;
import io.sallyport.detect.text.Prompt;
import io.sallyport.signal.Cause;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import io.sallyport.testing.FakeTriton;
import io.sallyport.testing.FakeTriton.Reads;
import io.sallyport.testing.FakeUpstream.Script;
import io.sallyport.yaml.Problems;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A link over real sockets to a server that is right, wrong, slow, or not there. */
class RemoteLinkTest {
  private static final OnnxRuntime RUNTIME = OnnxRuntime.open();
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path models;
  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : opened.reversed()) {
      one.close();
    }
  }

  @AfterAll
  static void closeTheRuntime() {
    RUNTIME.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "false"})
  void scoresTextsThatAreTokenisedHere(String binary) throws Exception {
    FakeTriton triton = triton(Reads.TOKENS);
    RemoteLink link =
        verified(triton, card(Reads.TOKENS).replace("binary: true", "binary: " + binary));

    assertThat(text(link, "a green square"))
        .usingComparatorWithPrecision(0.001)
        .containsExactly(0.002, 0.018);
    assertThat(text(link, "a zeppelin over two bicycles"))
        .usingComparatorWithPrecision(0.001)
        .containsExactly(0.998, 0.982);
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "false"})
  void scoresTextsThatAreTokenisedThere(String binary) throws Exception {
    FakeTriton triton = triton(Reads.TEXT);
    RemoteLink link =
        verified(triton, card(Reads.TEXT).replace("batch: 4", "batch: 4, binary: " + binary));

    assertThat(text(link, "a zeppelin \u20ac \"quoted\""))
        .usingComparatorWithPrecision(0.001)
        .containsExactly(0.998, 0.018);
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "false"})
  void scoresEveryViewOfAPicture(String binary) throws Exception {
    FakeTriton triton = triton(Reads.PIXELS);
    RemoteLink link =
        verified(triton, card(Reads.PIXELS).replace("batch: 3", "batch: 3, binary: " + binary));

    assertThat(picture(link, fill(51), fill(204), fill(0))).isCloseTo(0.8, within(1e-6));
    assertThat(triton.questions().getLast().body().length).isGreaterThan(3 * 3 * 64);
  }

  @Test
  void sendsRowsOfOneLengthTogetherAndNoMoreThanABatch() throws Exception {
    FakeTriton triton = triton(Reads.TEXT);
    RemoteLink link = verified(triton, card(Reads.TEXT));
    int before = triton.questions().size();
    List<String> forms = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      forms.add(i == 8 ? "zeppelin" : "form " + i);
    }

    assertThat(text(link, new Prompt("form 0", forms))[0]).isGreaterThan(0.99);
    assertThat(triton.questions().size() - before).isEqualTo(3);
  }

  @Test
  void padsNoWindow() throws Exception {
    FakeTriton triton = triton(Reads.TOKENS);
    RemoteLink link = verified(triton, card(Reads.TOKENS));
    int before = triton.questions().size();

    // Windows of 16 tokens, all full, the last as well: one length, one call.
    assertThat(text(link, "a green square ".repeat(20) + "zeppelin")[0]).isGreaterThan(0.99);
    assertThat(triton.questions().size() - before).isEqualTo(1);
  }

  @Test
  void refusesASampleThatWouldNeedTooManyCalls() throws Exception {
    FakeTriton triton = triton(Reads.TEXT);
    RemoteLink link = verified(triton, card(Reads.TEXT).replace("batch: 4", "batch: 1"));
    List<String> forms = new ArrayList<>();
    for (int i = 0; i <= Batch.CALLS_MAX; i++) {
      forms.add("form " + i);
    }
    assertThat(cause(link, new Prompt("form 0", forms))).isEqualTo(Cause.TOO_LARGE);
    assertThat(text(link, new Prompt("form 0", forms.subList(1, forms.size())))).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400 | {'error':'bad'}           | CRASH",
        "404 | {'error':'unknown model'} | CRASH",
        "500 | oops                      | CRASH",
        "301 | moved                     | CRASH",
        "302 | moved                     | CRASH",
        "204 | ''                        | CRASH",
        "429 | {'error':'full'}          | OVERLOAD",
        "503 | {'error':'full'}          | OVERLOAD",
        "408 | ''                        | TIMEOUT",
        "504 | ''                        | TIMEOUT",
        "200 | ''                        | BAD_OUTPUT",
        "200 | <html>hello</html>        | BAD_OUTPUT",
        "200 | {'outputs':[]}            | BAD_OUTPUT",
      })
  void tellsFailuresApart(int status, String body, Cause cause) throws Exception {
    RemoteLink link =
        answering(
            (request, connection) ->
                connection.reply(
                    status, "application/json", body.getBytes(StandardCharsets.UTF_8)));

    assertThat(cause(link)).isEqualTo(cause);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e999,0", "-1e39,0", "0", "0,0,0", "[0,0],[0,0]"})
  void callsNumbersThatCannotBeScoresBad(String data) throws Exception {
    RemoteLink link = answering((request, connection) -> connection.json(answer(data)));

    assertThat(cause(link)).isEqualTo(Cause.BAD_OUTPUT);
  }

  @Test
  void callsBytesThatAreNoNumberBad() throws Exception {
    RemoteLink link =
        answering(
            (request, connection) ->
                FakeTriton.binary(
                    connection,
                    answer("").replace("\"data\":[]", "\"parameters\":{\"binary_data_size\":8}"),
                    new byte[] {0, 0, (byte) 0xc0, 0x7f, 0, 0, 0, 0}));

    assertThat(cause(link)).isEqualTo(Cause.BAD_OUTPUT);
  }

  @Test
  void callsAnAnswerBeyondTheCapBad() throws Exception {
    RemoteLink link =
        answering(
            (request, connection) -> {
              connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
              byte[] chunk = ("10000\r\n" + " ".repeat(0x10000) + "\r\n").getBytes();
              for (int i = 0; i < 64; i++) {
                connection.write(chunk);
              }
            });

    assertThat(cause(link)).isEqualTo(Cause.BAD_OUTPUT);
  }

  @Test
  void callsACodedAnswerBad() throws Exception {
    RemoteLink link =
        answering(
            (request, connection) ->
                connection.write(
                    "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: "
                        + answer("6,-4").length()
                        + "\r\n\r\n"
                        + answer("6,-4")));

    assertThat(cause(link)).isEqualTo(Cause.BAD_OUTPUT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "99999", "1e1", "7, 7"})
  void callsALengthThatCannotBeBad(String length) throws Exception {
    RemoteLink link =
        answering(
            (request, connection) ->
                connection.write(
                    "HTTP/1.1 200 OK\r\nInference-Header-Content-Length: "
                        + length
                        + "\r\nContent-Length: 2\r\n\r\n{}"));

    assertThat(cause(link)).isEqualTo(Cause.BAD_OUTPUT);
  }

  @Test
  void callsACutAnswerACrash() throws Exception {
    RemoteLink link =
        answering(
            (request, connection) -> {
              connection.write("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"outputs\":");
              connection.cut();
            });
    assertThat(cause(link)).isEqualTo(Cause.CRASH);
  }

  @Test
  void callsAConnectionThatEndsACrash() throws Exception {
    RemoteLink link = answering((request, connection) -> connection.cut());

    assertThat(cause(link)).isEqualTo(Cause.CRASH);
  }

  @Test
  void callsWhatIsNoHttpACrash() throws Exception {
    RemoteLink link =
        answering((request, connection) -> connection.write("220 mail ready\r\n\r\n"));

    assertThat(cause(link)).isEqualTo(Cause.CRASH);
  }

  /** Neither a server that says nothing nor one that drips outlasts the deadline. */
  @ParameterizedTest
  @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n"})
  void endsAtTheDeadline(String start) throws Exception {
    CountDownLatch gone = new CountDownLatch(1);
    RemoteLink link =
        answering(
            (request, connection) -> {
              connection.write(start);
              if (connection.closedWithin(20_000)) {
                gone.countDown();
              }
            });
    CompletableFuture<List<Signal>> answer =
        detector(link).ask(Stage.PROMPT, prompt("a"), soon(Duration.ofSeconds(2)));
    Throwable thrown = catchThrowable(() -> answer.get(20, TimeUnit.SECONDS));

    assertThat(thrown).isInstanceOf(ExecutionException.class);
    assertThat(((UnavailableException) thrown.getCause()).why()).isEqualTo(Cause.TIMEOUT);
    assertThat(gone.await(20, TimeUnit.SECONDS)).as("the call was ended").isTrue();
    Poll.until("its place is free", () -> link.inFlight() == 0);
  }

  @Test
  void endsTheCallWhenNobodyWaitsForIt() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch gone = new CountDownLatch(1);
    RemoteLink link =
        answering(
            (request, connection) -> {
              asked.countDown();
              if (connection.closedWithin(20_000)) {
                gone.countDown();
              }
            });
    CompletableFuture<List<Signal>> answer =
        detector(link).ask(Stage.PROMPT, prompt("a"), soon(PATIENCE));
    assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
    answer.cancel(true);

    assertThat(gone.await(20, TimeUnit.SECONDS)).isTrue();
    Poll.until("its place is free", () -> link.inFlight() == 0);
  }

  @Test
  void boundsCallsInFlightAndCallsThatWait() throws Exception {
    FakeTriton triton = triton(Reads.TEXT);
    RemoteLink link =
        open(triton.port(), "http", card(Reads.TEXT), 1, 1, Optional.empty(), Optional.empty());
    assertThat(link.verify(soon(PATIENCE))).isInstanceOf(Standing.Verified.class);
    CountDownLatch held = new CountDownLatch(1);
    triton.infer(
        (request, connection) -> {
          held.await(20, TimeUnit.SECONDS);
          connection.json(answer("6,-4"));
        });
    RemoteDetector<Prompt> detector = detector(link);
    CompletableFuture<List<Signal>> first = detector.ask(Stage.PROMPT, prompt("a"), soon(PATIENCE));
    CompletableFuture<List<Signal>> second =
        detector.ask(Stage.PROMPT, prompt("b"), soon(PATIENCE));
    assertThat(link.inFlight()).isEqualTo(1);
    assertThat(link.waiting()).isEqualTo(1);
    assertThat(cause(link)).isEqualTo(Cause.OVERLOAD);

    held.countDown();
    assertThat(first.get(20, TimeUnit.SECONDS)).hasSize(2);
    assertThat(second.get(20, TimeUnit.SECONDS)).hasSize(2);
    assertThat(link.waiting()).isZero();
  }

  @Test
  void keepsItsConnectionAlive() throws Exception {
    FakeTriton triton = triton(Reads.TEXT);
    RemoteLink link = verified(triton, card(Reads.TEXT));
    for (int i = 0; i < 20; i++) {
      text(link, "a zeppelin " + i);
    }
    assertThat(triton.server().connections()).isEqualTo(1);
  }

  @Test
  void sendsTheCredentialAndShowsItNowhere() throws Exception {
    FakeTriton triton = triton(Reads.TEXT);
    RemoteLink link =
        open(
            triton.port(),
            "http",
            card(Reads.TEXT),
            2,
            2,
            Optional.of("Bearer stand-in-secret"),
            Optional.empty());
    link.verify(soon(PATIENCE));

    assertThat(triton.server().received())
        .isNotEmpty()
        .allSatisfy(
            request ->
                assertThat(request.header("authorization"))
                    .containsExactly("Bearer stand-in-secret"));
    RemoteAddress address =
        new RemoteAddress(
            URI.create("http://127.0.0.1"),
            Optional.of("Bearer stand-in-secret"),
            Optional.empty(),
            1,
            1,
            Duration.ofSeconds(1));
    assertThat(address.toString()).doesNotContain("secret");
  }

  /** Credentials and prompts stay with the server that the operator named. */
  @Test
  void followsNoRedirect() throws Exception {
    FakeTriton elsewhere = triton(Reads.TEXT);
    RemoteLink link =
        answering(
            (request, connection) ->
                connection.write(
                    "HTTP/1.1 307 X\r\nLocation: http://127.0.0.1:"
                        + elsewhere.port()
                        + "/v2/models/airships/versions/3/infer\r\nContent-Length: 0\r\n\r\n"));

    assertThat(cause(link)).isEqualTo(Cause.CRASH);
    assertThat(elsewhere.server().received()).isEmpty();
  }

  @Test
  void isUnreachableWhereNobodyListens() throws Exception {
    int port;
    try (ServerSocket nobody = new ServerSocket(0)) {
      port = nobody.getLocalPort();
    }
    RemoteLink link =
        open(port, "http", card(Reads.TEXT), 2, 2, Optional.empty(), Optional.empty());

    assertThat(link.verify(soon(PATIENCE)))
        .isEqualTo(new Standing.Unreachable("crash (the remote cannot be reached)"));
    assertThat(cause(link)).isEqualTo(Cause.CRASH);
  }

  @Test
  void isAskedOnlyOnceItIsVerified() throws Exception {
    FakeTriton triton = triton(Reads.TEXT);
    triton.ready(false);
    RemoteLink link =
        open(triton.port(), "http", card(Reads.TEXT), 2, 2, Optional.empty(), Optional.empty());
    assertThat(cause(link)).isEqualTo(Cause.CRASH);
    assertThat(link.verify(soon(PATIENCE)).wire()).isEqualTo("unreachable");
    assertThat(cause(link)).isEqualTo(Cause.CRASH);
    assertThat(triton.questions()).isEmpty();

    triton.ready(true);
    assertThat(link.verify(soon(PATIENCE)).wire()).isEqualTo("verified");
    assertThat(text(link, "zeppelin")).hasSize(2);
    triton.ready(false);
    assertThat(link.look(soon(PATIENCE))).isFalse();
    assertThat(text(link, "zeppelin")).as("its calls tell").hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"name\":\"airships\"  | \"name\":\"balloons\"  | the remote says that it is 'balloons'",
        "TEXT                   | PROMPT                 | the remote's inputs are [PROMPT]",
        "BYTES                  | FP32                   | input 'TEXT' is of type FP32",
        "[-1,1]                 | [-1]                   | input 'TEXT' has shape [-1]",
        "[-1,1]                 | [1,1]                  | input 'TEXT' has shape [1, 1]",
        "logits                 | scores                 | output has no 'logits'",
        "\"FP32\"               | \"FP64\"               | output 'logits' is of type FP64",
        "[-1,2]                 | [-1,3]                 | output 'logits' has shape [-1, 3]",
        "{                      | [                      | not the JSON of the protocol",
      })
  void refusesAModelThatIsNotTheCards(String right, String wrong, String message) throws Exception {
    FakeTriton triton = triton(Reads.TEXT);
    assertThat(triton.metadata()).contains(right);
    triton.metadata(
        (request, connection) -> connection.json(triton.metadata().replace(right, wrong)));
    RemoteLink link =
        open(triton.port(), "http", card(Reads.TEXT), 2, 2, Optional.empty(), Optional.empty());

    assertThat(link.verify(soon(PATIENCE)).toString()).contains(message);
    assertThat(link.standing().wire()).isEqualTo("refused");
    assertThat(cause(link)).isEqualTo(Cause.BAD_OUTPUT);
    assertThat(triton.questions()).isEmpty();
  }

  @Test
  void refusesAModelThatFailsTheCardsExamples() throws Exception {
    FakeTriton triton = triton(Reads.TEXT);
    triton.infer((request, connection) -> connection.json(answer("0,-4")));
    RemoteLink link =
        open(triton.port(), "http", card(Reads.TEXT), 2, 2, Optional.empty(), Optional.empty());

    assertThat(link.verify(soon(PATIENCE)))
        .isInstanceOfSatisfying(
            Standing.Refused.class,
            refused -> {
              assertThat(refused.misfits())
                  .singleElement()
                  .satisfies(misfit -> assertThat(misfit.line()).isEqualTo(11));
              assertThat(refused.toString())
                  .contains("label 'airship' expected 0.9970 ± 0.0100, got 0.5000");
            });
  }

  private FakeTriton triton(Reads reads) throws Exception {
    FakeTriton triton = new FakeTriton(reads);
    opened.add(triton);
    return triton;
  }

  private static String card(Reads reads) throws Exception {
    return FakeTriton.card(reads);
  }

  private RemoteLink verified(FakeTriton triton, String card) throws Exception {
    RemoteLink link = open(triton.port(), "http", card, 4, 100, Optional.empty(), Optional.empty());
    assertThat(link.verify(soon(PATIENCE))).isEqualTo(new Standing.Verified());
    return link;
  }

  /** A verified link to a server that answers questions as scripted from then on. */
  private RemoteLink answering(Script script) throws Exception {
    FakeTriton triton = triton(Reads.TEXT);
    RemoteLink link = verified(triton, card(Reads.TEXT));
    triton.infer(script);
    return link;
  }

  private RemoteLink open(
      int port,
      String scheme,
      String card,
      int connections,
      int waiting,
      Optional<String> credential,
      Optional<Path> trust)
      throws Exception {
    String name = card.lines().findFirst().orElseThrow().replace("model: ", "");
    for (Reads reads : Reads.values()) {
      FakeTriton.writeInto(models, reads);
    }
    Files.writeString(models.resolve(name).resolve("model.yaml"), card);
    Problems problems = new Problems();
    ModelStore store =
        Models.load(RUNTIME, models, Set.of(name), problems)
            .orElseThrow(() -> new AssertionError(problems.list()));
    opened.add(store);
    RemoteLink link =
        RemoteLink.open(
            name,
            (RemoteModel) store.model(name).orElseThrow(),
            new RemoteAddress(
                URI.create(scheme + "://127.0.0.1:" + port),
                credential,
                trust,
                connections,
                waiting,
                Duration.ofSeconds(5)));
    opened.add(link);
    return link;
  }

  private static String answer(String data) {
    return "{\"outputs\":[{\"name\":\"logits\",\"datatype\":\"FP32\",\"shape\":[1,2],\"data\":["
        + data
        + "]}]}";
  }

  private static long soon(Duration time) {
    return System.nanoTime() + time.toNanos();
  }

  private static Prompt prompt(String text) {
    return new Prompt(text, List.of(text));
  }

  private static RemoteDetector<Prompt> detector(RemoteLink link) {
    return RemoteDetector.ofTexts("remote", link);
  }

  private static double[] text(RemoteLink link, String text) throws UnavailableException {
    return text(link, prompt(text));
  }

  private static double[] text(RemoteLink link, Prompt prompt) throws UnavailableException {
    return detector(link).inspect(Stage.PROMPT, prompt, soon(PATIENCE)).stream()
        .mapToDouble(signal -> ((Signal.Score) signal).value())
        .toArray();
  }

  private static Cause cause(RemoteLink link) {
    return cause(link, prompt("a zeppelin"));
  }

  private static Cause cause(RemoteLink link, Prompt prompt) {
    return catchThrowableOfType(UnavailableException.class, () -> text(link, prompt)).why();
  }

  private static double picture(RemoteLink link, float[]... views) throws UnavailableException {
    var pixels = (RemoteInput.Pixels) link.model().kind().input();
    Picture picture =
        new Picture(ImageFormat.PNG, 8, 8, Map.of(pixels.input().framing(), views(views)));
    Signal signal =
        RemoteDetector.ofPictures("remote", link, pixels.input())
            .inspect(Stage.OUTPUT_IMAGE, picture, soon(PATIENCE))
            .getFirst();
    return ((Signal.Score) signal).value();
  }

  private static List<View> views(float[]... views) {
    Placement whole = new Placement(8, 8, 0, 0);
    return Arrays.stream(views).map(pixels -> new View(pixels, whole)).toList();
  }

  private static float[] fill(int red) {
    return new ImageExample.Fill(red, 255, 0).view(8, 8);
  }
}
