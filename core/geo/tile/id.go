// Package tile is the address and the grid of tiles: which tiles a box
// covers, where a coordinate falls in one, and how a world of arcs is cut
// into them. It knows nothing of wire formats.
package tile

import "fmt"

// MaxZoom is the deepest zoom a tile may have: its grid of 4096 units is then
// the 2^30 grid that geometry is kept on.
const MaxZoom = 18

// Extent is the width and height of a tile in tile units.
const Extent = 4096

// ID addresses a tile in the XYZ scheme: x grows east, y grows south.
type ID struct {
	Z    uint8
	X, Y uint32
}

// Valid reports whether the address exists.
func (t ID) Valid() bool { return t.Z <= 31 && t.X>>t.Z == 0 && t.Y>>t.Z == 0 }

func (t ID) String() string { return fmt.Sprintf("%d/%d/%d", t.Z, t.X, t.Y) }

// Hilbert returns the tile's number in the order of PMTiles v3: all tiles of
// lower zooms first, then along the Hilbert curve of its own zoom.
func (t ID) Hilbert() uint64 {
	base := (uint64(1)<<(2*t.Z) - 1) / 3
	x, y := t.X, t.Y
	var d uint64
	for s := uint32(1) << t.Z >> 1; s > 0; s >>= 1 {
		var rx, ry uint32
		if x&s != 0 {
			rx = 1
		}
		if y&s != 0 {
			ry = 1
		}
		d += uint64(s) * uint64(s) * uint64((3*rx)^ry)
		x, y = rotate(s, x, y, rx, ry)
	}
	return base + d
}

// FromHilbert is the inverse of ID.Hilbert.
func FromHilbert(h uint64) ID {
	var z uint8
	for base := uint64(0); ; z++ {
		n := uint64(1) << (2 * z)
		if h < base+n || z == 31 {
			h -= base
			break
		}
		base += n
	}
	var x, y uint32
	for s := uint32(1); s < 1<<z; s <<= 1 {
		rx := uint32(h>>1) & 1
		ry := (uint32(h) ^ rx) & 1
		x, y = rotate(s, x, y, rx, ry)
		x += s * rx
		y += s * ry
		h >>= 2
	}
	return ID{z, x, y}
}

func rotate(s, x, y, rx, ry uint32) (uint32, uint32) {
	if ry == 0 {
		if rx == 1 {
			x, y = s-1-x&(2*s-1), s-1-y&(2*s-1)
		}
		x, y = y, x
	}
	return x, y
}
