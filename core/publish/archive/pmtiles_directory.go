package archive

import (
	"encoding/binary"
	"fmt"
	"math"
	"sort"
)

// pmEntry is an entry of a directory: tiles number id to id+run-1 are the
// bytes at offset of the tile data or, with run 0, a leaf directory that
// begins with number id is at offset of the leaf directories.
type pmEntry struct {
	id     uint64
	offset uint64
	length uint32
	run    uint32
}

// encodeDirectory writes entries column by column, as PMTiles 3 has it.
func encodeDirectory(entries []pmEntry) []byte {
	b := binary.AppendUvarint(nil, uint64(len(entries)))
	last := uint64(0)
	for _, e := range entries {
		b = binary.AppendUvarint(b, e.id-last)
		last = e.id
	}
	for _, e := range entries {
		b = binary.AppendUvarint(b, uint64(e.run))
	}
	for _, e := range entries {
		b = binary.AppendUvarint(b, uint64(e.length))
	}
	next := uint64(0) // where the entry before ends
	for i, e := range entries {
		if i > 0 && e.offset == next {
			b = binary.AppendUvarint(b, 0)
		} else {
			b = binary.AppendUvarint(b, e.offset+1)
		}
		next = e.offset + uint64(e.length)
	}
	return b
}

// decodeDirectory reads a directory. Ids ascend strictly and runs do not
// overlap. Memory is bounded by a small multiple of len(b).
func decodeDirectory(b []byte) ([]pmEntry, error) {
	r := columnReader{b: b}
	n := r.next(uint64(len(b) / 4)) // an entry takes four bytes or more
	if r.bad != "" {
		return nil, fmt.Errorf("%w: directory entry count: %s", ErrFormat, r.bad)
	}
	entries := make([]pmEntry, n)
	last := uint64(0)
	for i := range entries {
		last += r.next(math.MaxUint64 - last)
		if i > 0 && last == entries[i-1].id {
			r.fail("tile number %d given twice", last)
		}
		entries[i].id = last
	}
	for i := range entries {
		entries[i].run = uint32(r.next(math.MaxUint32))
		if i > 0 && entries[i-1].id+uint64(entries[i-1].run) > entries[i].id {
			r.fail("the run before tile number %d reaches it", entries[i].id)
		}
	}
	for i := range entries {
		entries[i].length = uint32(r.next(math.MaxUint32))
		if entries[i].length == 0 {
			r.fail("tile number %d has no bytes", entries[i].id)
		}
	}
	for i := range entries {
		if v := r.next(math.MaxUint64); v > 0 {
			entries[i].offset = v - 1
		} else if i > 0 {
			entries[i].offset = entries[i-1].offset + uint64(entries[i-1].length)
		} else {
			r.fail("the first entry has no offset")
		}
	}
	if r.bad != "" {
		return nil, fmt.Errorf("%w: directory at byte %d: %s", ErrFormat, len(b)-len(r.b), r.bad)
	}
	return entries, nil
}

// columnReader reads numbers; after a failure it reads zeros.
type columnReader struct {
	b   []byte
	bad string
}

func (r *columnReader) fail(format string, args ...any) {
	if r.bad == "" {
		r.bad = fmt.Sprintf(format, args...)
	}
}

func (r *columnReader) next(limit uint64) uint64 {
	if r.bad != "" {
		return 0
	}
	v, n := binary.Uvarint(r.b)
	switch {
	case n <= 0:
		r.fail("cut off")
		return 0
	case v > limit:
		r.fail("%d is more than %d", v, limit)
		return 0
	}
	r.b = r.b[n:]
	return v
}

// find returns the entry that a tile number falls under: its run, or the leaf
// directory to look in.
func find(entries []pmEntry, id uint64) (pmEntry, bool) {
	i := sort.Search(len(entries), func(i int) bool { return entries[i].id > id }) - 1
	if i < 0 {
		return pmEntry{}, false
	}
	e := entries[i]
	return e, e.run == 0 || id < e.id+uint64(e.run)
}

// leafEntries is the size of leaf directories to begin with.
const leafEntries = 4096

// layOut divides the entries into a root directory that fits into the first
// 16 KiB behind the header, and leaf directories where they are too many.
func layOut(entries []pmEntry) (root, leaves []byte, err error) {
	root, err = compress(encodeDirectory(entries))
	if err != nil || len(root) <= pmtilesRoot-pmtilesHeader {
		return root, nil, err
	}
	for size := leafEntries; ; size += size / 4 {
		var top []pmEntry
		leaves = leaves[:0]
		for from := 0; from < len(entries); from += size {
			part := entries[from:min(from+size, len(entries))]
			leaf, err := compress(encodeDirectory(part))
			if err != nil {
				return nil, nil, err
			}
			top = append(top, pmEntry{id: part[0].id, offset: uint64(len(leaves)), length: uint32(len(leaf))})
			leaves = append(leaves, leaf...)
		}
		root, err = compress(encodeDirectory(top))
		if err != nil || len(root) <= pmtilesRoot-pmtilesHeader {
			return root, leaves, err
		}
	}
}
