#!/bin/sh
# Runs all tests, those with real containers included: `mvn verify`, with what is missing installed.
# Arguments go to Maven. The last line is the sum of what Maven Surefire says.
set -eu
cd "$(dirname "$0")/.."
. src/install.sh

need jdk mvn=maven runc crun busybox setcap=libcap2-bin unshare=util-linux skopeo umoci pscap=libcap-ng-utils \
  capsh=libcap2-bin setpriv=util-linux newuidmap=uidmap systemd-analyze=systemd zsh mandoc man=man-db
want chromium
want docker-registry
# Maven itself on the JDK that compiles: only there can the formatting be checked.
has_jdk
export JAVA_HOME="$home"
mkdir -p target
: >target/building
status=target/test.status
{
  code=0
  mvn -B verify "$@" 2>&1 || code=$?
  echo "$code" >"$status"
} | tee target/test.log
code=$(cat "$status")
rm -f "$status"
if [ "$code" = 0 ]; then
  mv target/building target/built
fi
echo
awk '
  /Tests run:.*Failures:.*Errors:.*Skipped:/ && !/Time elapsed/ {
    gsub(/[^0-9]+/, " ")
    split($0, n, " ")
    run += n[1]; failures += n[2]; errors += n[3]; skipped += n[4]
  }
  END { printf "Tests run: %d, Failures: %d, Errors: %d, Skipped: %d\n", run, failures, errors, skipped }
' target/test.log
exit "$code"
