#!/bin/sh
# Builds what people install and depend on into target/release, and prints sizes and hashes:
# Debian packages, a folder that needs no Java, the library with its sources and documentation, and
# the bill of materials. `src/release.sh --check` builds the commit twice more from clean clones, in
# two folders and at two times, and compares every byte. Nothing is signed or sent anywhere.
set -eu
cd "$(dirname "$0")/.."
. src/install.sh

need jdk mvn=maven dpkg-deb=dpkg strip=binutils xz=xz-utils git
has_jdk
export JAVA_HOME="$home"

# release FOLDER: builds there.
release() {
  (
    cd "$1"
    mvn -B -q -Dstyle.color=never -Dmaven.test.skip=true -Prelease clean package >&2
    for part in .jar -sources.jar -javadoc.jar; do
      cp target/ocicap-[0-9]*[0-9]$part target/release/
    done
    cp pom.xml target/release/"$(basename target/ocicap-[0-9]*[0-9].jar .jar)".pom
  )
}

case ${1-} in
  '')
    release .
    cd target/release
    wc -c -- * | sed '$d'
    sha256sum -- * | tee SHA256SUMS
    ;;
  --check)
    [ -z "$(git status --porcelain)" ] || echo 'what is not committed is not checked' >&2
    scratch=$(mktemp -d)
    trap 'rm -rf "$scratch"' EXIT
    trap 'exit 130' INT TERM HUP
    for folder in "$scratch/one" "$scratch/another folder"; do
      git clone -q . "$folder"
      release "$folder"
    done
    different=0
    for file in "$scratch"/one/target/release/*; do
      if cmp -s "$file" "$scratch/another folder/target/release/$(basename "$file")"; then
        echo "same       $(sha256sum "$file" | cut -c1-16)…  $(basename "$file")"
      else
        echo "DIFFERENT                     $(basename "$file")"
        different=1
      fi
    done
    exit "$different"
    ;;
  *)
    echo 'usage: src/release.sh [--check]' >&2
    exit 2
    ;;
esac
