package io.sallyport.ops;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * The one way to write a log line: a fixed message and {@link LogKey}s. Safe on every thread.
 *
 * <p>Values are names, numbers and digests; never prompts, image bytes, credentials or header
 * values.
 */
public final class EventLog {
  private final Logger logger;

  private EventLog(Logger logger) {
    this.logger = logger;
  }

  /** The log of a class. */
  public static EventLog of(Class<?> owner) {
    return new EventLog(LoggerFactory.getLogger(owner));
  }

  /** Starts a line about something normal. */
  public Line info() {
    return new Line(logger.atInfo());
  }

  /** Starts a line about something that an operator should look at. */
  public Line warn() {
    return new Line(logger.atWarn());
  }

  /** Starts a line about something broken. */
  public Line error() {
    return new Line(logger.atError());
  }

  /** A line being written; used by one thread. */
  public static final class Line {
    private LoggingEventBuilder builder;

    private Line(LoggingEventBuilder builder) {
      this.builder = builder;
    }

    public Line with(LogKey key, Object value) {
      builder = builder.addKeyValue(key.wire(), value);
      return this;
    }

    /** Names an exception's class; its message may hold content and stays out. */
    public Line with(Throwable thrown) {
      return with(LogKey.ERROR, thrown.getClass().getName());
    }

    /** Ends the line. The message is a constant. */
    public void say(String message) {
      builder.log(message);
    }
  }
}
