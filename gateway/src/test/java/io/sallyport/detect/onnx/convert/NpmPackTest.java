package io.sallyport.detect.onnx.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sallyport.detect.onnx.convert.FetchException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Stand-ins for npm are shell commands, so that every way in which npm can end is seen. */
class NpmPackTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir Path folder;

  @Test
  void asksNpmForTheSpecAndTheFolder() throws IOException {
    Path tarball = npm("echo \"$@\"; touch toy-1.2.3.tgz", LONG).fetch("toy@1.2.3", folder);
    assertThat(tarball).isEqualTo(folder.resolve("toy-1.2.3.tgz")).exists();
    assertThat(folder.resolve("npm.log"))
        .content()
        .startsWith("pack toy@1.2.3 ")
        .contains("--ignore-scripts")
        .contains("--pack-destination " + folder.toAbsolutePath());
  }

  @Test
  void saysWhatToInstallWhenThereIsNoNpm() {
    FetchException failure = failure(new NpmPack(List.of("no-such-command-npm"), LONG));
    assertThat(failure.reason()).isEqualTo(Reason.NO_NPM);
    assertThat(failure)
        .hasMessage("cannot run no-such-command-npm: install Node.js with npm and try again");
  }

  @ParameterizedTest
  @CsvSource({
    "npm error code ENOTFOUND, UNREACHABLE, ENOTFOUND",
    "npm ERR! code ECONNREFUSED, UNREACHABLE, ECONNREFUSED",
    "npm error code E404, REFUSED, E404",
    "npm error code ENOSPC, REFUSED, ENOSPC",
    "no code at all, REFUSED, exit 3",
  })
  void tellsAMissingNetworkFromOtherFailures(String printed, Reason reason, String shown) {
    FetchException failure =
        failure(npm("echo 'npm warn x'; echo '" + printed + "' >&2; exit 3", LONG));
    assertThat(failure.reason()).isEqualTo(reason);
    assertThat(failure)
        .hasMessage("npm failed (" + shown + "); 'npm pack toy@1.2.3' shows its own words");
  }

  @Test
  void showsNothingElseOfWhatNpmPrints() {
    FetchException failure =
        failure(npm("echo 'npm error code E401'; echo 'token=hidden'; exit 1", LONG));
    assertThat(failure).hasMessageNotContaining("hidden").hasMessageNotContaining("\n");
  }

  @Test
  void noticesThatNpmLeftNoTarball() {
    assertThat(failure(npm("exit 0", LONG)))
        .hasMessage("npm pack toy@1.2.3 left no toy-1.2.3.tgz")
        .extracting(FetchException::reason)
        .isEqualTo(Reason.REFUSED);
  }

  @Test
  void killsNpmAndItsChildrenAfterTheTimeout() throws IOException {
    FetchException failure = failure(npm("sleep 300 & echo $!; wait", Duration.ofMillis(500)));
    assertThat(failure.reason()).isEqualTo(Reason.UNREACHABLE);
    assertThat(failure).hasMessageContaining("did not finish within");
    long child = Long.parseLong(Files.readString(folder.resolve("npm.log")).strip());
    long end = System.nanoTime() + LONG.toNanos();
    while (runs(child) && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    assertThat(runs(child)).isFalse();
  }

  /** A killed process that nobody has waited for still has a number, but no command any more. */
  private static boolean runs(long pid) {
    return ProcessHandle.of(pid)
        .filter(process -> process.isAlive() && process.info().command().isPresent())
        .isPresent();
  }

  private static NpmPack npm(String script, Duration timeout) {
    return new NpmPack(List.of("sh", "-c", script, "npm"), timeout);
  }

  private FetchException failure(NpmPack npm) {
    FetchException failure =
        catchThrowableOfType(FetchException.class, () -> npm.fetch("toy@1.2.3", folder));
    assertThat(failure).isNotNull();
    return failure;
  }
}
