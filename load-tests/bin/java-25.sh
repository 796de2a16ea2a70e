# shellcheck shell=sh
# Builds gateway and load-tests, and becomes java on their class path; sourced by the scripts beside it.

# $1: the folder load-tests; $2: the main class; then its arguments.
exec_main() {
  here=$1
  shift
  root=${here%/*}
  # shellcheck source=gateway/bin/jdk-25.sh
  . "$root/gateway/bin/jdk-25.sh"
  find_jdk_25 javac || {
    echo 'load-tests: no JDK 25 found. Install one, or set JAVA_HOME to its folder.' >&2
    exit 2
  }
  quiet_mvn "$root" -Dquick -DskipTests -pl load-tests -am package || exit 2
  export ORT_DISABLE_TELEMETRY=1 OPT_OUT_TRACKING=true
  exec "$found/bin/java" --enable-native-access=ALL-UNNAMED -Djava.awt.headless=true "-Dsallyport.home=$root" \
    -cp "$here/target/classes:$(cat "$here/target/class-path")" "$@"
}
