package archive

import (
	"encoding/binary"
	"fmt"
	"math"
)

const (
	pmtilesMagic  = "PMTiles"
	pmtilesHeader = 127       // bytes
	pmtilesRoot   = 16 * 1024 // header and root directory lie within
)

// Numbers of the PMTiles 3 header.
const (
	compressionUnknown = 0
	compressionNone    = 1
	compressionGzip    = 2
	tileTypeMVT        = 1
)

// pmHeader is the header of PMTiles 3. Offsets and lengths are in bytes.
type pmHeader struct {
	rootOffset, rootLength uint64
	metaOffset, metaLength uint64
	leafOffset, leafLength uint64
	dataOffset, dataLength uint64
	addressed              uint64
	entries                uint64
	contents               uint64
	clustered              bool
	internalCompression    uint8
	tileCompression        uint8
	tileType               uint8
	minZoom, maxZoom       uint8
	bounds                 [4]float64 // west, south, east, north
	center                 [3]float64 // longitude, latitude, zoom
}

func (h pmHeader) bytes() []byte {
	le := binary.LittleEndian
	b := append(make([]byte, 0, pmtilesHeader), pmtilesMagic...)
	b = append(b, 3)
	for _, v := range []uint64{
		h.rootOffset, h.rootLength, h.metaOffset, h.metaLength, h.leafOffset, h.leafLength,
		h.dataOffset, h.dataLength, h.addressed, h.entries, h.contents,
	} {
		b = le.AppendUint64(b, v)
	}
	clustered := byte(0)
	if h.clustered {
		clustered = 1
	}
	b = append(b, clustered, h.internalCompression, h.tileCompression, h.tileType, h.minZoom, h.maxZoom)
	for _, v := range h.bounds {
		b = le.AppendUint32(b, degreesE7(v))
	}
	b = append(b, uint8(h.center[2]))
	b = le.AppendUint32(b, degreesE7(h.center[0]))
	return le.AppendUint32(b, degreesE7(h.center[1]))
}

func degreesE7(v float64) uint32 { return uint32(int32(math.Round(v * 1e7))) }

func fromE7(b []byte) float64 { return float64(int32(binary.LittleEndian.Uint32(b))) / 1e7 }

// parsePMHeader reads a header and refuses what cannot be read further, for a
// file of size bytes.
func parsePMHeader(b []byte, size int64) (h pmHeader, err error) {
	if len(b) < pmtilesHeader {
		return h, fmt.Errorf("%w: cut off in the header at %d bytes", ErrFormat, len(b))
	}
	if v := b[7]; v != 3 {
		return h, fmt.Errorf("%w: PMTiles version %d, only 3 is known", ErrFormat, v)
	}
	at := 8
	for _, v := range []*uint64{
		&h.rootOffset, &h.rootLength, &h.metaOffset, &h.metaLength, &h.leafOffset, &h.leafLength,
		&h.dataOffset, &h.dataLength, &h.addressed, &h.entries, &h.contents,
	} {
		*v = binary.LittleEndian.Uint64(b[at:])
		at += 8
	}
	h.clustered = b[96] == 1
	h.internalCompression, h.tileCompression, h.tileType = b[97], b[98], b[99]
	h.minZoom, h.maxZoom = b[100], b[101]
	for i := range h.bounds {
		h.bounds[i] = fromE7(b[102+4*i:])
	}
	h.center = [3]float64{fromE7(b[119:]), fromE7(b[123:]), float64(b[118])}
	return h, h.check(uint64(size))
}

func (h pmHeader) check(size uint64) error {
	for _, s := range []struct {
		name           string
		offset, length uint64
	}{
		{"root directory", h.rootOffset, h.rootLength},
		{"metadata", h.metaOffset, h.metaLength},
		{"leaf directories", h.leafOffset, h.leafLength},
		{"tile data", h.dataOffset, h.dataLength},
	} {
		if s.length > size || s.offset > size-s.length {
			return fmt.Errorf("%w: %s at byte %d, %d bytes long, in a file of %d", ErrFormat, s.name, s.offset, s.length, size)
		}
	}
	switch {
	case h.internalCompression != compressionNone && h.internalCompression != compressionGzip:
		return fmt.Errorf("%w: directories compressed by method %d; only gzip and none are known", ErrFormat, h.internalCompression)
	case h.tileCompression > compressionGzip:
		return fmt.Errorf("%w: tiles compressed by method %d; only gzip and none are known", ErrFormat, h.tileCompression)
	case h.tileType != tileTypeMVT && h.tileType != 0:
		return fmt.Errorf("%w: tiles of type %d, not vector tiles", ErrFormat, h.tileType)
	case h.maxZoom > 31 || h.minZoom > h.maxZoom:
		return fmt.Errorf("%w: zooms %d to %d", ErrFormat, h.minZoom, h.maxZoom)
	}
	return nil
}
