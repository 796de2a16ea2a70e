package io.sallyport.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/**
 * A command given in this process.
 *
 * @param exit the exit code
 * @param out what it printed
 * @param err what it complained of
 */
public record CommandRun(int exit, String out, String err) {

  /** Runs {@code sallyport} with these arguments. */
  public static CommandRun of(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] words = new String[arguments.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = arguments[i].toString();
    }
    int exit = Main.run(words, new PrintWriter(out, true), new PrintWriter(err, true));
    return new CommandRun(exit, out.toString(), err.toString());
  }
}
