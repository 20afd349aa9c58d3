#!/bin/sh
# Runs ocicap from this checkout: `src/run.sh generate --add setuid`. It installs what is missing and
# builds what is stale. Without arguments it shows what ocicap is for: a docker command becomes a
# bundle, and the kernel, asked from inside the container, agrees with it.
set -eu
caller=$PWD
root=$(cd "$(dirname "$0")/.." && pwd -P)
cd "$root"
. src/install.sh

need jdk mvn=maven
build
if [ $# -gt 0 ]; then
  cd "$caller"
  exec "$root/target/ocicap/bin/ocicap" "$@"
fi

need runc busybox capsh=libcap2-bin
if [ "$(id -u)" != 0 ]; then
  echo 'containers need root here: sudo src/run.sh' >&2
  exit 1
fi
ocicap=$root/target/ocicap/bin/ocicap
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM HUP
cd "$scratch"
mkdir -p rootfs/bin
cp "$(command -v busybox)" rootfs/bin/busybox
ln -s busybox rootfs/bin/grep

set -- docker run --rm --cap-drop=all --cap-add=setuid --cap-add=setgid busybox grep Cap /proc/self/status
echo "\$ ocicap convert --bundle bundle --rootfs rootfs -- $*"
"$ocicap" convert --bundle bundle --rootfs rootfs -- "$@"
echo '$ ocicap run bundle'
"$ocicap" run bundle >status

# The names in config.json on one side; on the other the kernel's masks, which libcap puts into names.
echo
printf '%-12s %-28s %-17s %s\n' set 'promised in config.json' 'the kernel inside' 'which is'
agree=yes
for row in bounding=CapBnd effective=CapEff inheritable=CapInh permitted=CapPrm ambient=CapAmb; do
  set=${row%=*}
  promised=$(awk -v set="\"$set\"" '
    $1 == set ":" { inside = 1 }
    inside && match($0, /CAP_[A-Z_]+/) { names = names (names ? "," : "") tolower(substr($0, RSTART, RLENGTH)) }
    inside && /\]/ { exit }
    END { print names }' bundle/config.json | tr ',' '\n' | sort | tr '\n' ' ')
  mask=$(awk -v key="${row#*=}:" '$1 == key { print $2 }' status)
  kernel=$(capsh --decode="$mask" | sed 's/.*=//' | tr ',' '\n' | sort | tr '\n' ' ')
  promised=${promised% } kernel=${kernel% }
  sign='='
  if [ "$promised" != "$kernel" ]; then
    sign='≠' agree=no
  fi
  printf '%-12s %-28s %-17s %s %s\n' "$set" "${promised:-none}" "$mask" "$sign" "${kernel:-none}"
done
echo
if [ "$agree" = no ]; then
  echo 'The kernel disagrees: please report it.'
  exit 1
fi
echo 'Docker would have granted 14 capabilities; this container has 2, and the kernel agrees.'
