package mvt

import "google.golang.org/protobuf/encoding/protowire"

// Extent is the width of a tile in tile units, as the Encoder writes it.
const Extent = 4096

// AppendRing appends a polygon ring to a geometry: MoveTo, LineTo, ClosePath.
// The ring does not repeat its first position at its end and has no two equal
// neighbours; outer rings are clockwise on the screen. A ring of fewer than
// three positions is not written. The cursor starts at zero for each feature
// and is carried from ring to ring.
func AppendRing(dst []byte, cursor *Coord, ring []Coord) []byte {
	if len(ring) < 3 {
		return dst
	}
	dst = appendLine(dst, cursor, ring)
	return append(dst, 1<<3|closePath)
}

// AppendPoints appends all points of a feature; see AppendRing. A geometry
// may have this only once.
func AppendPoints(dst []byte, cursor *Coord, points []Coord) []byte {
	if len(points) == 0 {
		return dst
	}
	dst = protowire.AppendVarint(dst, uint64(len(points))<<3|moveTo)
	return appendSteps(dst, cursor, points)
}

func appendLine(dst []byte, cursor *Coord, line []Coord) []byte {
	dst = append(dst, 1<<3|moveTo)
	dst = appendSteps(dst, cursor, line[:1])
	dst = protowire.AppendVarint(dst, uint64(len(line)-1)<<3|lineTo)
	return appendSteps(dst, cursor, line[1:])
}

func appendSteps(dst []byte, cursor *Coord, to []Coord) []byte {
	at := *cursor
	for _, c := range to {
		dst = appendStep(dst, c.X-at.X)
		dst = appendStep(dst, c.Y-at.Y)
		at = c
	}
	*cursor = at
	return dst
}

func appendStep(dst []byte, d int32) []byte {
	u := uint32(d<<1) ^ uint32(d>>31) // zigzag
	for u >= 0x80 {
		dst = append(dst, byte(u)|0x80)
		u >>= 7
	}
	return append(dst, byte(u))
}
