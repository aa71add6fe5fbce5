package tileset

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"

	"github.com/shapes-desktop/shapes/core/geo/tile"
)

// Errors that callers tell apart with errors.Is.
var (
	// ErrDamaged is the error of a file that is incomplete or changed since it
	// was written, or is no tile file at all.
	ErrDamaged = errors.New("the tile file is damaged")
	// ErrNewer is the error of a file that a later version of the program wrote.
	ErrNewer = errors.New("the tile file was written by a newer version of this program")
	// ErrBusy is the error of a file that another process writes.
	ErrBusy = errors.New("the tile file is in use by another process")
)

// format is the version of the layout that docs/formats.md describes. Version
// 1 had no facts; it is still read.
const format = 2

// bucket and key names.
const (
	tilesBucket   = "tiles"
	factsBucket   = "facts"   // by the keys of tiles
	sourcesBucket = "sources" // by number
	metaBucket    = "meta"
	formatKey     = "format" // one byte
	metaKey       = "meta"   // record of JSON
	countKey      = "count"  // record of 8 bytes
)

// The kinds of records. A record is its kind, a checksum over key, kind and
// content, and the content.
const (
	kindData byte = 1 // the content is the tile, or the meta entry
	kindLink byte = 2 // the content is the key of an earlier tile of equal bytes
)

const recordHeader = 5

// keyOf is the key of a tile: its PMTiles number, big-endian, so that byte
// order is zoom by zoom along the Hilbert curve.
func keyOf(h uint64) []byte { return binary.BigEndian.AppendUint64(nil, h) }

// idOf is the inverse of keyOf.
func idOf(key []byte) (tile.ID, error) {
	if len(key) != 8 {
		return tile.ID{}, fmt.Errorf("%w: key of %d bytes", ErrDamaged, len(key))
	}
	return tile.FromHilbert(binary.BigEndian.Uint64(key)), nil
}

func checksum(key []byte, kind byte, content []byte) uint32 {
	table := crc32.MakeTable(crc32.Castagnoli) // made once by the standard library
	sum := crc32.Update(0, table, key)
	sum = crc32.Update(sum, table, []byte{kind})
	return crc32.Update(sum, table, content)
}

// appendRecord appends a record for key to dst.
func appendRecord(dst, key []byte, kind byte, content []byte) []byte {
	dst = append(dst, kind)
	dst = binary.BigEndian.AppendUint32(dst, checksum(key, kind, content))
	return append(dst, content...)
}

// openRecord checks a record and returns its kind and content, which is part
// of record.
func openRecord(key, record []byte) (kind byte, content []byte, err error) {
	if len(record) < recordHeader {
		return 0, nil, fmt.Errorf("%w: entry %x has %d bytes", ErrDamaged, key, len(record))
	}
	kind, content = record[0], record[recordHeader:]
	if checksum(key, kind, content) != binary.BigEndian.Uint32(record[1:]) {
		return 0, nil, fmt.Errorf("%w: entry %x has changed", ErrDamaged, key)
	}
	if kind != kindData && kind != kindLink {
		return 0, nil, fmt.Errorf("%w: entry %x is of unknown kind %d", ErrDamaged, key, kind)
	}
	return kind, content, nil
}
