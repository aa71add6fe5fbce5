#!/usr/bin/env bash
# Opens the window on a virtual screen, waits until it shows, and saves what
# it looks like to build/window.png. Exits 1 when no window appears, or when it
# is one flat colour (nothing was drawn).
#
# Needs xvfb, openbox, xdotool, imagemagick, libgl1-mesa-dri and bin/shapes-desktop.
set -euo pipefail
cd "$(dirname "$0")/.."

program=${1:-bin/shapes-desktop}
picture=build/window.png
patience=60 # seconds until a window must have come: software OpenGL is slow to start

for tool in Xvfb openbox xdotool import identify; do
  command -v "$tool" >/dev/null || { echo "smoke: $tool is missing; scripts/setup-debian.sh ci installs it" >&2; exit 1; }
done
[ -x "$program" ] || { echo "smoke: $program is not there; make build makes it" >&2; exit 1; }

scratch=$(mktemp -d)
mkdir -p build
started=()
cleanup() {
  for ((i = ${#started[@]} - 1; i >= 0; i--)); do
    kill "${started[i]}" 2>/dev/null || true
    wait "${started[i]}" 2>/dev/null || true
  done
  rm -rf "$scratch"
}
trap cleanup EXIT

# Xvfb picks a free display and writes its number to the descriptor.
Xvfb -displayfd 3 -screen 0 1280x800x24 +extension GLX -nolisten tcp 3>"$scratch/display" 2>"$scratch/xvfb.log" &
started+=($!)
for _ in $(seq 100); do
  [ -s "$scratch/display" ] && break
  sleep 0.1
done
[ -s "$scratch/display" ] || { echo "smoke: Xvfb did not start:" >&2; cat "$scratch/xvfb.log" >&2; exit 1; }
DISPLAY=":$(cat "$scratch/display")"
export DISPLAY LIBGL_ALWAYS_SOFTWARE=1
unset WAYLAND_DISPLAY

openbox >"$scratch/openbox.log" 2>&1 &
started+=($!)

"$program" --data-dir "$scratch/data" >"$scratch/program.log" 2>&1 &
pid=$!
started+=("$pid")

window=""
for _ in $(seq $((patience * 2))); do
  window=$(xdotool search --onlyvisible --pid "$pid" 2>/dev/null | tail -n 1 || true)
  [ -n "$window" ] && break
  kill -0 "$pid" 2>/dev/null || { echo "smoke: the program ended before it showed a window:" >&2; cat "$scratch/program.log" >&2; exit 1; }
  sleep 0.5
done
[ -n "$window" ] || { echo "smoke: no window after $patience s:" >&2; cat "$scratch/program.log" >&2; exit 1; }

# Drawing follows the window by some frames: wait until it is not one colour.
colours=1
for _ in $(seq 40); do
  sleep 0.5
  import -window "$window" "$picture"
  colours=$(identify -format '%k' "$picture")
  [ "$colours" -gt 20 ] && break
done
[ "$colours" -gt 20 ] || { echo "smoke: the window stays blank ($colours colours), see $picture" >&2; cat "$scratch/program.log" >&2; exit 1; }
kill -0 "$pid" 2>/dev/null || { echo "smoke: the program ended by itself:" >&2; cat "$scratch/program.log" >&2; exit 1; }
echo "smoke: \"$(xdotool getwindowname "$window")\" drawn with $colours colours, see $picture"
