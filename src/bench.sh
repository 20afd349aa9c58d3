#!/bin/sh
# How long ocicap takes to start and how much memory it takes, as ratios to `runc spec` measured in
# the same run; how many a second one call does; then bundles per second in one warm JVM. Absolute
# times depend on the machine; ratios and the differences between rows hardly do. `src/bench.sh RUNS`
# sets how often each command runs.
set -eu
cd "$(dirname "$0")/.."
. src/install.sh

need jdk mvn=maven busybox runc crun hyperfine /usr/bin/time=time
build
runs=${1:-40}
scratch=$(mktemp -d)
export XDG_CACHE_HOME="$scratch/cache"
imported=
trap 'rm -rf "$scratch"; [ -z "$imported" ] || docker rmi "$imported" >/dev/null' EXIT
ocicap=$PWD/target/ocicap/bin/ocicap
mkdir -p "$scratch/rootfs"
"$ocicap" generate --bundle "$scratch/bundle"
"$ocicap" generate --bundle "$scratch/program"
mkdir -p "$scratch/program/rootfs/bin"
cp "$(command -v busybox)" "$scratch/program/rootfs/bin/sh"

# What is measured: a name, then the command line. `run` ends where the runtime would begin; what is
# predicted has a program.
set -- \
  'runc spec' 'runc spec' \
  'crun spec' 'crun spec' \
  'ocicap generate' "$ocicap generate --add setuid" \
  'ocicap edit' "$ocicap edit --drop kill --output - $scratch/bundle" \
  'ocicap convert' "$ocicap convert --config-only -- docker run --cap-drop=all --cap-add=setuid -v /a:/b busybox sh" \
  'ocicap run' "$ocicap run --runtime /bin/true $scratch/bundle" \
  'ocicap caps' "$ocicap caps setuid" \
  'ocicap show' "$ocicap show $scratch/bundle" \
  'ocicap predict' "$ocicap predict $scratch/program" \
  'ocicap validate' "$ocicap validate $scratch/bundle" \
  'ocicap --help' "$ocicap generate --help"

# Containers to their end, where root may start some; and Docker's where its daemon answers.
if [ "$(id -u)" = 0 ]; then
  mkdir -p "$scratch/one/rootfs/bin"
  cp "$(command -v busybox)" "$scratch/one/rootfs/bin/true"
  "$ocicap" generate --bundle "$scratch/one" --terminal=false -- true >/dev/null
  set -- "$@" \
    'runc run, ended' "runc run --bundle $scratch/one ocicap-bench" \
    'ocicap run, ended' "$ocicap run --runtime runc $scratch/one"
  if docker version >/dev/null 2>&1; then
    need skopeo umoci
    imported=ocicap-bench-$$
    tar -C "$scratch/one/rootfs" -c . | docker import - "$imported" >/dev/null
    docker save --output "$scratch/image.tar" "$imported"
    skopeo copy --quiet "docker-archive:$scratch/image.tar" "oci:$scratch/image:one"
    set -- "$@" \
      'docker run IMAGE' "docker run --rm --network none $imported true" \
      'ocicap run IMAGE' \
      "$ocicap run --runtime runc --image oci:$scratch/image:one -- docker run --rm --network none $imported true"
  fi
fi

cd "$scratch"
printf '%-17s %10s %12s %12s\n' '' 'median ms' '× runc spec' 'memory MiB'
base=
while [ $# -gt 0 ]; do
  name=$1 command=$2
  shift 2
  hyperfine --shell=none --warmup 3 --runs "$runs" --ignore-failure --prepare 'rm -f config.json' \
    --export-csv times.csv "$command" >/dev/null 2>hyperfine.log || { cat hyperfine.log >&2; exit 1; }
  rm -f config.json
  # shellcheck disable=SC2086 # The words of the table hold no blanks.
  /usr/bin/time -f %M -o memory $command >/dev/null 2>&1 || :
  row=$(awk -F, -v base="$base" -v memory="$(tail -n 1 memory)" '
    NR == 2 { printf "%10.1f %12.1f %12.1f %.6f", $4 * 1000, base ? $4 / base : 1, memory / 1024, $4 }' times.csv)
  base=${base:-${row##* }}
  printf '%-17s %s\n' "$name" "${row% *}"
done

# Many in one call: a name, how many there are, then the command line.
commands=10000
awk -v n=$commands -v at="$scratch" 'BEGIN { for (i = 0; i < n; i++)
  print "docker run -d --name c" i " --cap-drop=all --cap-add=setuid -e N=" i " -v " at "/host/" i ":/data:ro -m 512m busybox sleep " i }' >many.sh
awk -v n=$commands 'BEGIN { for (i = 0; i < n; i++)
  print "--cap-add setuid --hostname h" i " --env N=" i " --memory 512m -- sh -c \"sleep " i "\"" }' >many.lines
# What validate reads, in a folder.
mkdir bundles
awk -v n=$commands 'BEGIN { for (i = 0; i < n; i++) print "--bundle bundles/b" i " --add setuid" }' >bundles.lines
"$ocicap" generate --each bundles.lines
set -- \
  'validate a folder' "$commands" "$ocicap validate bundles" \
  'generate --each' "$commands" "$ocicap generate --each many.lines" \
  'convert --config-only' "$commands" "$ocicap convert --rootfs rootfs --config-only many.sh" \
  'convert to bundles' "$commands" "$ocicap convert --rootfs rootfs --bundle many many.sh"

echo
printf '%-24s %10s %12s\n' '' 'a second' 'memory MiB'
while [ $# -gt 0 ]; do
  name=$1 count=$2 command=$3
  shift 3
  rm -rf many
  # shellcheck disable=SC2086 # The words of the table hold no blanks.
  /usr/bin/time -f '%e %M' -o measured $command >/dev/null 2>errors || { cat errors >&2; exit 1; }
  awk -v name="$name" -v count="$count" '{ printf "%-24s %10d %12.1f\n", name, count / $1, $2 / 1024 }' measured
done

cd "$OLDPWD"
echo
mvn -B -q -Dstyle.color=never -Pbench -Dmaven.test.skip=true verify
