package io.sallyport.cli;

import io.sallyport.Gateway;
import io.sallyport.audit.AuditStoreException;
import io.sallyport.config.GatewayConfig;
import java.net.BindException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;

/** A gateway in this process, closed by SIGTERM or SIGINT after its drain. */
final class Running {
  private final GatewayConfig config;
  private final Gateway gateway;
  private final Deque<AutoCloseable> beside = new ArrayDeque<>();
  private final CountDownLatch stopped = new CountDownLatch(1);

  private Running(GatewayConfig config, Gateway gateway) {
    this.config = config;
    this.gateway = gateway;
  }

  /** Starts; what the user can mend is thrown as {@link UserException}. */
  static Running start(String file, GatewayConfig config) {
    try {
      Running running = new Running(config, Gateway.start(file, config, Version.number()));
      Runtime.getRuntime().addShutdownHook(new Thread(running::stop, "stop"));
      return running;
    } catch (AuditStoreException e) {
      throw new UserException(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof BindException) {
          throw new UserException(
              "cannot listen on port "
                  + config.listen().port()
                  + " or "
                  + config.admin().port()
                  + ": "
                  + cause.getMessage()
                  + ". Choose another port.");
        }
      }
      throw e;
    }
  }

  /** Closes something together with the gateway, after it. */
  void alsoClose(AutoCloseable other) {
    beside.push(other);
  }

  String proxyUrl() {
    return url(config.listen(), gateway.port());
  }

  String adminUrl() {
    return url(config.admin(), gateway.adminPort());
  }

  void untilStopped() throws InterruptedException {
    stopped.await();
  }

  private void stop() {
    gateway.close();
    while (!beside.isEmpty()) {
      try {
        beside.pop().close();
      } catch (Exception e) {
        // The process ends anyway.
      }
    }
    stopped.countDown();
  }

  private static String url(GatewayConfig.Listen listen, int port) {
    return (listen.tls().isPresent() ? "https://" : "http://") + listen.host() + ":" + port;
  }
}
