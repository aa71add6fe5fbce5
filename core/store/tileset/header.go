package tileset

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"io"
	"os"
)

// Layout of a bbolt meta page: 16 bytes of page header, then these fields.
const (
	boltMagic      = 0xED0CDAED
	boltVersion    = 2
	metaPageHeader = 16
	metaLength     = 64 // with its checksum, the last eight bytes
	metaPageSize   = 8
	metaPages      = 40 // the number of pages in use
	metaSum        = 56
)

// checkHeader looks at the two meta pages without mapping the file: both must
// be sound, and the file as long as they say. The library itself makes do with
// one, which may describe an older state of the file, and reads past the end
// of a short file, which kills the program.
func checkHeader(path string) error {
	info, err := exists(path)
	if err != nil {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("open tile file: %w", err)
	}
	defer f.Close()
	for page := range int64(2) {
		if reason := checkMetaPage(f, page, info.Size()); reason != "" {
			return fmt.Errorf("open tile file %s: %w (%s); build the tiles again", path, ErrDamaged, reason)
		}
	}
	return nil
}

// trim cuts off the pages at the end that the library has reserved and not
// used: up to half of a small file.
func trim(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	var pages uint64
	for page := range int64(2) { // the later of the two states has not fewer
		var raw [8]byte
		if _, err := f.ReadAt(raw[:], page*pageSize+metaPageHeader+metaPages); err != nil {
			return err
		}
		pages = max(pages, binary.NativeEndian.Uint64(raw[:]))
	}
	return f.Truncate(int64(pages) * pageSize)
}

func checkMetaPage(f io.ReaderAt, page, size int64) string {
	var raw [metaPageHeader + metaLength]byte
	if _, err := f.ReadAt(raw[:], page*pageSize); err != nil {
		return fmt.Sprintf("cut off at %d bytes", size)
	}
	m := raw[metaPageHeader:]
	word := binary.NativeEndian // bbolt writes as the machine does
	sum := fnv.New64a()
	sum.Write(m[:metaSum])
	switch pages := word.Uint64(m[metaPages:]); {
	case word.Uint32(m) != boltMagic || word.Uint32(m[4:]) != boltVersion:
		return fmt.Sprintf("page %d is not that of a tile file", page)
	case word.Uint64(m[metaSum:]) != sum.Sum64():
		return fmt.Sprintf("page %d has changed", page)
	case word.Uint32(m[metaPageSize:]) != pageSize:
		return fmt.Sprintf("pages of %d bytes", word.Uint32(m[metaPageSize:]))
	case pages > uint64(size)/pageSize:
		return fmt.Sprintf("%d bytes of %d", size, pages*pageSize)
	case word.Uint64(raw[:]) != uint64(page) || word.Uint16(raw[8:]) != 4:
		return fmt.Sprintf("page %d is not marked as a first page", page)
	}
	return ""
}
