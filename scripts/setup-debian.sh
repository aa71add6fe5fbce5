#!/usr/bin/env bash
# Installs the Debian (or Ubuntu) packages that are missing for a purpose:
#
#   setup-debian.sh window    to build and run the window
#   setup-debian.sh package   to make the files of a release
#   setup-debian.sh ci        all that .ci/run needs: window, virtual screen, judges
#
# Does nothing where nothing is missing. Without root it says the one command
# to run and exits 1. Elsewhere than on Debian it says so and exits 0: the
# compiler then tells what it misses, and README names the packages.
set -euo pipefail

window=(clang binutils libc6-dev pkg-config libgl-dev libegl-dev libx11-dev libxcursor-dev libxrandr-dev libxinerama-dev
  libxi-dev libxxf86vm-dev libwayland-dev libxkbcommon-dev libgl1-mesa-dri)
package=("${window[@]}" dpkg-dev xz-utils zip)
ci=("${package[@]}" xvfb openbox xdotool imagemagick x11-utils gdal-bin chromium)

case "${1:-}" in
  window) wanted=("${window[@]}") ;;
  package) wanted=("${package[@]}") ;;
  ci) wanted=("${ci[@]}")
    # A Node.js from elsewhere is as good as Debian's.
    command -v npm >/dev/null || wanted+=(nodejs npm) ;;
  *) echo "usage: $0 window|package|ci" >&2; exit 2 ;;
esac

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
  echo "setup: not a Debian system; README.md names the packages of other systems" >&2
  exit 0
fi

missing=()
for name in "${wanted[@]}"; do
  state=$(dpkg-query -W -f '${Status}' "$name" 2>/dev/null || true)
  [ "$state" = "install ok installed" ] || missing+=("$name")
done
[ ${#missing[@]} -gt 0 ] || exit 0

install=(apt-get install -y --no-install-recommends "${missing[@]}")
if [ "$(id -u)" = 0 ]; then
  as=()
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
  as=(sudo)
else
  echo "setup: some packages are missing; run this, then try again:  sudo ${install[*]}" >&2
  exit 1
fi
echo "setup: installing ${missing[*]}" >&2
"${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq
"${as[@]}" env DEBIAN_FRONTEND=noninteractive "${install[@]}" -qq >/dev/null
