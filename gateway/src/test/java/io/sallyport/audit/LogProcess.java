package io.sallyport.audit;

import java.nio.file.Path;
import java.util.concurrent.Semaphore;

/**
 * The log in a process of its own, which can be killed: appends and prints what is acknowledged.
 */
final class LogProcess {
  private LogProcess() {}

  /**
   * @param arguments the data directory
   */
  public static void main(String[] arguments) throws InterruptedException {
    AuditLog log;
    try {
      log = Logs.open(Path.of(arguments[0]));
    } catch (AuditStoreException e) {
      System.out.println("REFUSED " + e.getMessage());
      return;
    }
    Semaphore inFlight = new Semaphore(64);
    for (int i = 1; ; i++) {
      inFlight.acquire();
      log.append(Events.allowed(i))
          .whenComplete(
              (receipt, failure) -> {
                System.out.println(
                    failure == null ? receipt.sequence() + " " + receipt.hash() : failure);
                inFlight.release();
              });
    }
  }

  static Process start(Path dataDir) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:TieredStopAtLevel=1",
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            LogProcess.class.getName(),
            dataDir.toString())
        .redirectErrorStream(true)
        .start();
  }
}
