#!/usr/bin/env bash
# What `make run` does: opens the window on the bundled sample. Where there is
# no display it draws the sample's map into a picture instead, which needs
# nothing but Go.
set -euo pipefail
cd "$(dirname "$0")/.."

headless() {
  echo "No display here: building the sample's tiles and drawing their map instead."
  make --no-print-directory shapes
  mkdir -p build
  bin/shapes build sample -o build/sample.pmtiles
  bin/shapes render build/sample.pmtiles --center 10,30 --zoom 1.8 --size 1600x900 -o build/sample.png
  echo "Look at build/sample.png; build/sample.pmtiles holds the tiles."
}

case "$(uname -s)" in
  Darwin | MINGW* | MSYS* | CYGWIN*) display=yes ;;
  *) display="${WAYLAND_DISPLAY:-}${DISPLAY:-}" ;;
esac
if [ -z "$display" ]; then
  headless
  exit
fi
scripts/setup-debian.sh window
if [ ! -e bin/shapes-desktop ]; then
  echo "Building the window. The first time takes a few minutes: OpenGL's C binding is large."
fi
make --no-print-directory build
exec bin/shapes-desktop "$@"
