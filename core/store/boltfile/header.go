package boltfile

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
	metaPageFlag   = 4
)

// CheckHeader looks at the two meta pages of the file without mapping it: both
// must be sound, and the file as long as they say. The library itself makes do
// with one, which may describe an older state of the file, and reads past the
// end of a short file, which kills the program.
func (k Kind) CheckHeader(path string) error {
	info, err := k.stat(path)
	if err != nil {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("open %s: %w", k.Noun, err)
	}
	defer f.Close()
	for page := range int64(2) {
		reason, err := k.checkMetaPage(f, page, info.Size())
		if err != nil {
			return fmt.Errorf("open %s: %w", k.Noun, err)
		}
		if reason != "" {
			return k.DamagedError(path, reason)
		}
	}
	return nil
}

// checkMetaPage returns what is wrong with a meta page, "" if nothing is. An
// error means that it cannot be read.
func (k Kind) checkMetaPage(f io.ReaderAt, page, size int64) (reason string, err error) {
	var raw [metaPageHeader + metaLength]byte
	if page*PageSize+int64(len(raw)) > size {
		return fmt.Sprintf("cut off at %d bytes", size), nil
	}
	if _, err := f.ReadAt(raw[:], page*PageSize); err != nil {
		return "", err
	}
	m := raw[metaPageHeader:]
	word := binary.NativeEndian // bbolt writes as the machine does
	sum := fnv.New64a()
	sum.Write(m[:metaSum])
	switch pages := word.Uint64(m[metaPages:]); {
	case word.Uint32(m) != boltMagic || word.Uint32(m[4:]) != boltVersion:
		return fmt.Sprintf("page %d is not that of a %s", page, k.Noun), nil
	case word.Uint64(m[metaSum:]) != sum.Sum64():
		return fmt.Sprintf("page %d has changed", page), nil
	case word.Uint32(m[metaPageSize:]) != PageSize:
		return fmt.Sprintf("pages of %d bytes", word.Uint32(m[metaPageSize:])), nil
	case pages > uint64(size)/PageSize:
		return fmt.Sprintf("%d bytes of %d", size, pages*PageSize), nil
	case word.Uint64(raw[:]) != uint64(page) || word.Uint16(raw[8:]) != metaPageFlag:
		return fmt.Sprintf("page %d is not marked as a first page", page), nil
	}
	return "", nil
}

// UsedPages returns how many pages of a closed, sound file are in use; the
// library reserves more at the end.
func UsedPages(f io.ReaderAt) (int64, error) {
	var pages uint64
	for page := range int64(2) { // the later of the two states has not fewer
		var raw [8]byte
		if _, err := f.ReadAt(raw[:], page*PageSize+metaPageHeader+metaPages); err != nil {
			return 0, err
		}
		pages = max(pages, binary.NativeEndian.Uint64(raw[:]))
	}
	return int64(pages), nil
}

// Trim cuts off the pages at the end of a closed file that the library has
// reserved and not used: up to half of a small file.
func Trim(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	pages, err := UsedPages(f)
	if err != nil {
		return err
	}
	return f.Truncate(pages * PageSize)
}
