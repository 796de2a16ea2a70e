package io.sallyport.load;

import io.sallyport.demo.StandInImageService;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** Answers of the stand-in image service, drawn once. */
public final class StandIn {
  private StandIn() {}

  /**
   * The JSON with one abstract picture.
   *
   * @param format {@code output_format}
   * @param size {@code size}
   */
  public static byte[] answer(String format, String size) throws IOException, InterruptedException {
    try (StandInImageService service = StandInImageService.start("127.0.0.1", 0);
        HttpClient client = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:" + service.port() + "/v1/images/generations");
      String body =
          "{\"prompt\":\"an abstract harbour\",\"output_format\":\"%s\",\"size\":\"%s\"}"
              .formatted(format, size);
      HttpRequest request =
          HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.ofString(body)).build();
      return client.send(request, HttpResponse.BodyHandlers.ofByteArray()).body();
    }
  }
}
