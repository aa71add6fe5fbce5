#!/usr/bin/env bash
# Makes the files of a release in dist/:
#
#   shapes-VERSION-OS-ARCH.tar.gz|.zip            the command, for six systems
#   shapes-desktop-VERSION-linux-ARCH.tar.xz      the window, for this machine's architecture
#   shapes-desktop_VERSION_ARCH.deb               the same for Debian and Ubuntu
#   SHA256SUMS
#
# TARGETS="linux/amd64 …" makes the command for fewer systems; the window needs
# this machine's own among them.
#
# Times inside the archives are the commit's, so that the same commit gives the
# same command archives. The window is built on Linux only, for other systems
# see README.md.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup-debian.sh package
version=$(sed -n 's/^const Version = "\(.*\)"$/\1/p' core/engine/*.go)
[ -n "$version" ] || { echo "package: no Version in core/engine" >&2; exit 1; }
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH

rm -rf dist
mkdir -p dist
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

papers() { # FOLDER: what every package carries
  cp README.md CHANGELOG.md LICENSE THIRD_PARTY_NOTICES.md "$1"
}

tarball() { # FILE FLAG FOLDER NAME
  tar -C "$3" "$2" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" -cf "$1" "$4"
}

command_for() { # OS ARCH
  local name=shapes-$version-$1-$2 program=shapes
  [ "$1" != windows ] || program=shapes.exe
  mkdir "$work/$name"
  CGO_ENABLED=0 GOOS=$1 GOARCH=$2 go build -trimpath -buildvcs=true -ldflags '-s -w' -o "$work/$name/$program" ./cmd/shapes
  papers "$work/$name"
  if [ "$1" = windows ]; then
    find "$work/$name" -exec touch -d "@$SOURCE_DATE_EPOCH" {} +
    (cd "$work" && TZ=UTC zip -qrX "$OLDPWD/dist/$name.zip" "$name")
  else
    tarball "dist/$name.tar.gz" --gzip "$work" "$name"
  fi
  echo "dist/$name"
}

window_tree() { # FOLDER: bin and share, as below /usr
  install -d "$1/bin" "$1/share/applications" "$1/share/icons/hicolor/512x512/apps" \
    "$1/share/icons/hicolor/scalable/apps" "$1/share/doc/shapes-desktop"
  # The same flags as `make build`, so that the costly C parts come from its
  # cache. The tag drops Fyne's checks of which thread calls it, meant for
  # development; -s -w leaves debug tables out.
  CGO_ENABLED=1 go build -tags migrated_fynedo -ldflags '-s -w' -o "$1/bin/shapes-desktop" ./cmd/shapes-desktop
  cp "$work/shapes-$version-linux-$arch/shapes" "$1/bin/shapes"
  install -m 644 scripts/shapes-desktop.desktop "$1/share/applications/"
  install -m 644 resources/icon/icon.svg "$1/share/icons/hicolor/scalable/apps/shapes-desktop.svg"
  install -m 644 resources/icon/icon.png "$1/share/icons/hicolor/512x512/apps/shapes-desktop.png"
  papers "$1/share/doc/shapes-desktop"
}

deb() { # the tree at $1 as a package
  local root=$work/deb
  mkdir -p "$root/DEBIAN" "$root/debian"
  cp -r "$1" "$root/usr"
  # dpkg-shlibdeps wants a source package's control file to read.
  printf 'Source: shapes-desktop\n\nPackage: shapes-desktop\nArchitecture: any\n' >"$root/debian/control"
  local depends
  depends=$(cd "$root" && dpkg-shlibdeps -O usr/bin/shapes-desktop 2>/dev/null | sed -n 's/^shlibs:Depends=//p')
  rm -r "$root/debian"
  cat >"$root/DEBIAN/control" <<CONTROL
Package: shapes-desktop
Version: $version
Architecture: $arch
Maintainer: Shapes Desktop contributors <shapes-desktop@users.noreply.github.com>
Section: science
Priority: optional
Depends: $depends, libgl1-mesa-dri
Installed-Size: $(du -sk "$root/usr" | cut -f1)
Description: turn administrative boundaries into vector tiles
 Simplifies countries, provinces and towns without opening gaps between
 neighbours, cuts them into vector tiles and shows them on a map. Includes the
 command shapes, which does the same without a window.
CONTROL
  dpkg-deb --root-owner-group --build "$root" "dist/shapes-desktop_${version}_$arch.deb" >/dev/null
}

for target in ${TARGETS:-linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64}; do
  command_for "${target%/*}" "${target#*/}"
done

if [ "$(go env GOOS)" = linux ]; then
  arch=$(go env GOARCH)
  name=shapes-desktop-$version-linux-$arch
  window_tree "$work/$name"
  tarball "dist/$name.tar.xz" --xz "$work" "$name"
  echo "dist/$name.tar.xz"
  if command -v dpkg-deb >/dev/null && command -v dpkg-shlibdeps >/dev/null; then
    deb "$work/$name"
    echo "dist/shapes-desktop_${version}_$arch.deb"
  fi
fi
(cd dist && sha256sum -- * >SHA256SUMS)
ls -lh dist
