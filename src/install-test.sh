#!/bin/sh
# Installs what src/release.sh made in a clean Debian stable (debootstrap), one package after the
# other, tries it there as a user would, and sees that nothing is left after its removal; then
# unpacks the folder that needs no Java. Needs root and a Debian mirror.
#
#   src/install-test.sh [SUITE]      default: trixie
set -eu
cd "$(dirname "$0")/.."
. src/install.sh
suite=${1-trixie}
mirror=http://deb.debian.org/debian

need debootstrap unshare=util-linux
[ -d target/release ] || { echo 'first: src/release.sh' >&2; exit 1; }
scratch=$(mktemp -d)
root=$scratch/debian
mounted=
cleanup() {
  [ -z "$mounted" ] || umount "$root/proc"
  rm -rf "$scratch"
}
trap cleanup EXIT
trap 'exit 130' INT TERM HUP

passed=0
# try WHAT COMMAND…: runs it in the Debian.
try() {
  what=$1
  shift
  if inside "$@" >"$scratch/log" 2>&1; then
    passed=$((passed + 1))
    echo "  ok   $what"
  else
    echo "  FAIL $what: $*"
    sed 's/^/       /' "$scratch/log" | tail -n 20
    exit 1
  fi
}

# With nothing of this machine's environment, by a user that is not root unless it must be.
inside() {
  env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
    chroot "$root" "$@"
}
as_user() {
  try "$1" setpriv --reuid 1000 --regid 1000 --clear-groups env HOME=/home/user sh -euc "cd; $2"
}

# Every file of the system but those that packages of Debian write anywhere.
listing() {
  inside find / -xdev \( -path /proc -o -path /tmp -o -path /home -o -path /var/cache -o -path /var/log \
    -o -path /var/lib/apt -o -path /var/lib/dpkg \) -prune -o -print | LC_ALL=C sort
}

use() {
  as_user 'ocicap --version' 'ocicap --version | grep -qx "ocicap [0-9.]*"'
  as_user 'help before a JVM starts' 'ocicap help | grep -q generate; ocicap help sets | grep -q bounding'
  as_user 'generate' 'rm -rf b; ocicap generate --drop all --add kill --bundle b && grep -q CAP_KILL b/config.json'
  as_user 'edit' 'ocicap edit --hostname there b && grep -q "\"hostname\": \"there\"" b/config.json'
  as_user 'validate' 'ocicap validate b && ! ocicap validate /etc/hostname 2>/dev/null'
  as_user 'predict' 'ocicap predict --host-caps 1ffffffffff b | grep -q "^effective *0000000000000020"'
  as_user 'convert --config-only' \
    'ocicap convert --config-only -- docker run --cap-add net_raw alpine sh | grep -q CAP_NET_RAW'
  as_user 'export' 'ocicap export --to compose b | grep -q "KILL"'
  as_user 'an error' 'ocicap generate --add setuit >out 2>&1 && exit 1; grep -q "hint: did you mean .setuid.?" out'
}

# Whether a start takes every class of ocicap from a cache.
cached() {
  # Read after the options of the command line, so it undoes the launcher's silence.
  as_user 'starts from its cache' "rm -f classes
    _JAVA_OPTIONS=-Xlog:class+load:file=classes $1/bin/ocicap generate >/dev/null 2>&1
    grep -q 'ocicap.cli.Main .*shared objects file' classes
    ! grep -q 'source: .*ocicap.jar' classes"
}

if command -v lintian >/dev/null; then
  lintian --allow-root --fail-on error,warning target/release/*.deb
  echo '  ok   lintian'
fi

echo "Debian $suite"
debootstrap --variant=minbase --include=man-db,bash-completion,zsh "$suite" "$root" "$mirror" \
  >"$scratch/log" 2>&1 || { tail -n 5 "$scratch/log"; exit 1; }
# man pages and the like are wanted here.
rm -f "$root"/etc/dpkg/dpkg.cfg.d/*
mount -t proc proc "$root/proc"
mounted=yes
inside useradd --uid 1000 --create-home user
inside apt-get update -qq
mkdir "$root/packages"
cp target/release/*.deb "$root/packages/"

for package in ocicap ocicap-standalone; do
  echo "$package: $(cd target/release && wc -c "${package}"_*.deb)"
  if [ "$package" = ocicap ]; then
    try 'the system'"'"'s Java' apt-get install -qq -y --no-install-recommends openjdk-25-jre-headless
  fi
  listing >"$scratch/before"
  try 'apt-get install' sh -c "apt-get install -qq -y --no-install-recommends /packages/${package}_*.deb"
  try 'dpkg --verify' dpkg --verify "$package"
  use
  cached /usr
  try 'man pages' sh -c 'man ocicap-generate | grep -q "ocicap generate" && man 7 ocicap-sets | grep -qi ambient'
  try 'whatis' sh -c 'mandb -q; whatis ocicap-edit'
  try 'completion in bash' bash -c '. /usr/share/bash-completion/bash_completion
    . /usr/share/bash-completion/completions/ocicap
    COMP_WORDS=(ocicap gener); COMP_CWORD=1; COMP_LINE="ocicap gener"; COMP_POINT=12
    $(complete -p ocicap | sed "s/.*-F \([^ ]*\).*/\1/") ocicap gener ocicap; [[ " ${COMPREPLY[*]} " == *" generate"* ]]'
  try 'completion in zsh' zsh -c 'autoload -U compinit; compinit -u -D; [[ -n ${_comps[ocicap]} ]]'
  if [ "$package" = ocicap ]; then
    try 'its caches are made again when Java changes' sh -euc 'rm /usr/lib/ocicap/lib/*.aot
      apt-get install -qq -y --reinstall openjdk-25-jre-headless
      ls /usr/lib/ocicap/lib/*.aot'
  fi
  try 'installed over itself' sh -c "apt-get install -qq -y --reinstall /packages/${package}_*.deb"
  try 'dpkg -P' dpkg -P "$package"
  inside rm -rf /var/cache/man
  listing >"$scratch/after"
  if left=$(diff "$scratch/before" "$scratch/after"); then
    passed=$((passed + 1))
    echo '  ok   nothing is left'
  else
    echo '  FAIL is left, or gone:'
    echo "$left" | head -n 20
    exit 1
  fi
done

echo 'one package in the place of the other'
try 'ocicap' sh -c 'apt-get install -qq -y --no-install-recommends /packages/ocicap_*.deb'
try 'ocicap-standalone instead' sh -c \
  'apt-get install -qq -y --no-install-recommends /packages/ocicap-standalone_*.deb && ! dpkg -s ocicap 2>/dev/null | grep -q "ok installed"'
use
try 'dpkg -P' dpkg -P ocicap-standalone
try 'Java goes' sh -c 'apt-get purge -qq -y openjdk-25-jre-headless; apt-get autoremove -qq -y --purge; ! command -v java'

archive=$(ls target/release/ocicap-*-linux-*.tar.xz)
echo "$(basename "$archive"): $(wc -c <"$archive"), without Java, read-only, in a path with blanks"
mkdir "$root/srv/a path"
tar -C "$root/srv/a path" -xf "$archive"
mv "$root/srv/a path/"ocicap-* "$root/srv/a path/it"
mount --bind "$root/srv/a path" "$root/srv/a path"
mount -o remount,ro,bind "$root/srv/a path"
ln -s '/srv/a path/it/bin/ocicap' "$root/usr/bin/ocicap"
use
cached '"/srv/a path/it"'
umount "$root/srv/a path"
echo "$passed things tried, none failed"
