#!/bin/sh
# Arbitrary input for everything that reads what comes from outside, guided by coverage (Jazzer).
# `src/fuzz.sh SECONDS [TARGET…]`: how long each target runs, in this order; an hour and all of them
# unless given. What is found is in target/fuzz/TARGET; each line at the end has a target, its
# executions, seconds and findings. Inputs that found something belong in the corpus
# (src/test/resources/cases/fuzz), which the tests play.
set -eu
cd "$(dirname "$0")/.."
. src/install.sh

need jdk mvn=maven
has_jdk
seconds=${1:-3600}
[ $# -eq 0 ] || shift
root=$PWD
work=$root/target/fuzz
mkdir -p "$work"
mvn -B -q -Dstyle.color=never -Pfuzz test-compile dependency:build-classpath \
  -Dmdep.includeScope=test -Dmdep.outputFile="$work/classpath"
classes=$root/target/test-classes:$root/target/classes:$(cat "$work/classpath")
"$home/bin/java" -cp "$classes" dev.ocicap.fuzz.Targets >"$work/targets"
[ $# -gt 0 ] || set -- $(cut -d ' ' -f 1 "$work/targets")

failed=0
for target; do
  class=$(awk -v name="$target" '$1 == name { print $2 }' "$work/targets")
  if [ -z "$class" ]; then
    echo "unknown target '$target': one of $(cut -d ' ' -f 1 "$work/targets" | tr '\n' ' ')" >&2
    exit 2
  fi
  mkdir -p "$work/$target/corpus" "$work/$target/found"
  echo "$target: $seconds s …" >&2
  # In an empty directory of its own: no input may write there either.
  (
    cd "$work/$target"
    "$home/bin/java" -Xmx2g -cp "$classes" com.code_intelligence.jazzer.Jazzer \
      --target_class="$class" --instrumentation_includes='dev.ocicap.**' --keep_going=20 \
      --reproducer_path=found -artifact_prefix=found/ -max_total_time="$seconds" -timeout=5 -rss_limit_mb=4096 \
      corpus "$root/src/test/resources/cases/fuzz/$target"
  ) >"$work/$target/log" 2>&1 || :
  awk -v target="$target" '
    /^== Java Exception:|^== libFuzzer crashing|ERROR: libFuzzer/ { found++ }
    /^Done [0-9]+ runs in/ { runs = $2; seconds = $5 }
    END { printf "%s: %s executions, %s s, %d findings\n", target, runs ? runs : "?", seconds ? seconds : "?", found; exit found > 0 }
  ' "$work/$target/log" || failed=1
done
exit "$failed"
