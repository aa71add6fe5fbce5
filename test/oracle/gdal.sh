#!/bin/sh
# Reads an archive or a tile with GDAL and checks what it finds:
#   gdal.sh PATH LAYER FEATURES    PATH: .mbtiles, a folder of one zoom, or a tile .pbf
# FEATURES is how many GDAL must read from LAYER: 16, or 16+ for at least. Its own count is higher, as
# it counts those too that lie only in the margin of a tile, which it clips.
set -eu
path=$1 layer=$2 features=$3
case $path in
*.mbtiles) source=$path ;;
*) source=MVT:$path ;;
esac
errors=$(mktemp)
trap 'rm -f "$errors"' EXIT
report=$(ogrinfo -ro -al "$source" "$layer" 2>"$errors") || { cat "$errors"; exit 1; }
if grep -qi '^\(error\|warning\)' "$errors"; then
	cat "$errors"
	exit 1
fi
read=$(printf '%s\n' "$report" | grep -cE '^ +(MULTI)?(POLYGON|LINESTRING|POINT) ' || true)
echo "$read features"
case $features in
*+) [ "$read" -ge "${features%+}" ] && exit 0 ;;
esac
if [ "$read" != "$features" ]; then
	echo "expected $features" >&2
	exit 1
fi
