# Read by run.sh, test.sh and bench.sh: installs what ocicap is built, run and tested with, where it
# is missing. Debian and Ubuntu; elsewhere, or without root, it says what to install and stops.

# Whether there is a JDK that compiles for Java 25. Maven finds it by itself.
has_jdk() {
  for home in "${JAVA_HOME-}" /usr/lib/jvm/*; do
    [ -x "$home/bin/javac" ] && [ -r "$home/release" ] || continue
    while IFS= read -r line; do
      case $line in JAVA_VERSION=\"25*) return 0 ;; esac
    done <"$home/release"
  done
  return 1
}

# Whether there is a busybox that runs in an empty root file system: one whose header names no loader.
has_static_busybox() {
  busybox=$(command -v busybox) && ! head -c 2048 "$busybox" | grep -q '/ld-'
}

# The package that brings a JDK 25, as this machine's repositories name it.
jdk_package() {
  for package in openjdk-25-jdk-headless temurin-25-jdk; do
    if [ -n "$(apt-cache search --names-only "^$package\$" 2>/dev/null)" ]; then
      echo "$package"
      return
    fi
  done
  echo openjdk-25-jdk-headless
}

# need COMMAND…: of jdk, busybox, and commands with the package that has them, as setcap=libcap2-bin.
need() {
  PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
  missing=
  for thing; do
    case $thing in
      jdk) has_jdk || missing="$missing jdk" ;;
      busybox) has_static_busybox || missing="$missing busybox-static" ;;
      *) command -v "${thing%%=*}" >/dev/null || missing="$missing ${thing#*=}" ;;
    esac
  done
  [ -n "$missing" ] || return 0
  as_root=
  if [ "$(id -u)" != 0 ]; then
    as_root='sudo '
    sudo -n true 2>/dev/null || cannot=1
  fi
  command -v apt-get >/dev/null || cannot=1
  if [ -z "${cannot-}" ]; then
    ${as_root}apt-get update -qq >&2 || :
  fi
  case $missing in *' jdk'*) missing="${missing%% jdk*} $(jdk_package)${missing#* jdk}" ;; esac
  command="${as_root}apt-get install -y --no-install-recommends$missing"
  if [ -n "${cannot-}" ]; then
    echo "missing:$missing. To install it:" >&2
    echo "  $command" >&2
    exit 1
  fi
  echo "$command" >&2
  if ! DEBIAN_FRONTEND=noninteractive $command >&2; then
    echo "that failed; where no repository has a JDK 25, https://adoptium.net/installation/linux" >&2
    echo "tells how to add one that has temurin-25-jdk" >&2
    exit 1
  fi
}

# want COMMAND: as need, but only where a repository has a package of that name (Ubuntu's browser
# is no package), and no matter if it fails: the tests say what they lack.
want() {
  ! command -v "$1" >/dev/null || return 0
  [ "$(id -u)" = 0 ] || return 0
  apt-get update -qq >&2 || :
  [ -z "$(apt-cache search --names-only "^$1\$" 2>/dev/null)" ] || (need "$1") || :
}

# Builds target/ocicap unless it is newer than everything that it is made from. What is changed
# during the build counts as newer.
build() {
  if [ -x target/ocicap/bin/ocicap ] && [ -e target/built ] &&
    [ -z "$(find pom.xml src/main src/build schemas -newer target/built -print | head -n 1)" ]; then
    return
  fi
  echo 'building target/ocicap …' >&2
  mkdir -p target
  : >target/building
  mvn -B -q -Dstyle.color=never -Dmaven.test.skip=true package >&2 || exit
  mv target/building target/built
}
