package collect

import (
	"bufio"
	"encoding/binary"
	"io"
	"math"
)

// shapes reads the shapes of a shapefile (.shp) from the first record to the
// last: none may be cut, and all lie in degrees. What they look like is ingest's
// matter.
func (k *inspection) shapes(r io.Reader) error {
	in := bufio.NewReaderSize(r, 64<<10)
	var head [100]byte
	if _, err := io.ReadFull(in, head[:]); err != nil {
		return flaw(Cut, "the shapefile is cut short")
	}
	const code = 9994
	if binary.BigEndian.Uint32(head[:]) != code {
		return flaw(Magic, "what should be the shapes of a shapefile is something else")
	}
	if err := inDegrees(head[36:68]); err != nil {
		return err
	}
	for n := 1; ; n++ {
		if _, err := in.Peek(1); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		var record [8]byte
		if _, err := io.ReadFull(in, record[:]); err != nil {
			return flaw(Cut, "the shapefile ends in the middle of record %d: the rest is missing", n)
		}
		words := int64(binary.BigEndian.Uint32(record[4:])) // of two bytes
		if _, err := io.CopyN(io.Discard, in, 2*words); err != nil {
			return flaw(Cut, "the shapefile ends in the middle of record %d: the rest is missing", n)
		}
	}
}

// inDegrees judges the bounds of a shapefile: west, south, east and north. North
// of the pole are layers whose longitude and latitude are swapped.
func inDegrees(bounds []byte) error {
	const rounding = 1e-3
	for i, most := range [...]float64{180, 90, 180, 90} {
		v := math.Float64frombits(binary.LittleEndian.Uint64(bounds[8*i:]))
		if !(math.Abs(v) <= most+rounding) {
			return flaw(Foreign, "what came does not lie on the globe: its bounds reach to %g, where %g degrees are the most", v, most)
		}
	}
	return nil
}
