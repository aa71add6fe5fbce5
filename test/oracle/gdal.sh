#!/bin/sh
# Reads an archive or a tile with GDAL and checks what it finds:
#   gdal.sh PATH LAYER FEATURES    PATH: .mbtiles, a folder of one zoom, or a tile .pbf
# FEATURES is the number of features GDAL must count in LAYER.
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
count=$(printf '%s\n' "$report" | sed -n 's/^Feature Count: //p')
drawn=$(printf '%s\n' "$report" | grep -cE '^ +(MULTI)?(POLYGON|LINESTRING|POINT) ' || true)
echo "$count features, $drawn geometries"
if [ "$count" != "$features" ] || [ "$drawn" != "$features" ]; then
	echo "expected $features" >&2
	exit 1
fi
