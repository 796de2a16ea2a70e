# shellcheck shell=sh
# Finds a JDK 25 and builds with it; sourced by the scripts that need one (the default java may be another).

# Does the folder $1 hold a Java 25 with the program bin/$2? Reads its release file: starting java costs too much.
is_jdk_25() {
  [ -x "$1/bin/$2" ] && [ -r "$1/release" ] || return 1
  while IFS= read -r line || [ -n "$line" ]; do
    case $line in
      'JAVA_VERSION="25"'* | 'JAVA_VERSION="25'[.+-]*) return 0 ;;
    esac
  done <"$1/release"
  return 1
}

java_on_path() {
  if command -v java >/dev/null 2>&1; then
    program=$(command -v java)
    while [ -L "$program" ]; do
      link=$(readlink "$program")
      case $link in
        /*) program=$link ;;
        *) program=${program%/*}/$link ;;
      esac
    done
    printf '%s\n' "${program%/bin/java}"
  fi
}

# Sets $found to the first home of a Java 25 that has the program bin/$1; fails when there is none.
find_jdk_25() {
  home=${HOME:-/nonexistent}
  for found in \
    "${JAVA_HOME:-}" "${JAVA25_HOME:-}" "${JAVA_25_HOME:-}" "${JDK25_HOME:-}" "${JDK_25_HOME:-}" \
    "${JAVA_HOME_25:-}" "${JAVA_HOME_25_X64:-}" "${JAVA_HOME_25_ARM64:-}" "${JAVA_HOME_25_arm64:-}" \
    "$(java_on_path)" \
    /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /usr/local/java/* /opt/* /opt/java/* /opt/jdk/* \
    "$home"/.sdkman/candidates/java/* "$home"/.jdks/* "$home"/.jabba/jdk/* "$home"/.asdf/installs/java/* \
    "$home"/.local/share/mise/installs/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "$home"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk@25/libexec/openjdk.jdk/Contents/Home; do
    if [ -n "$found" ] && is_jdk_25 "$found" "$1"; then
      return 0
    fi
  done
  found=
  return 1
}

# Maven in the folder $1 on the Java of $found, saying nothing but errors, on stderr; the rest are its arguments.
# MAVEN_OPTS keeps a Maven older than the JDK from printing warnings about itself.
quiet_mvn() (
  cd "$1" || exit
  shift
  JAVA_HOME=$found \
    MAVEN_OPTS="${MAVEN_OPTS:-} --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED" \
    exec mvn -q -B -ntp -Dstyle.color=never "$@" >&2
)
