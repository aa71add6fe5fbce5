package cache

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/shapes-desktop/shapes/core/store/atomicfile"
)

const (
	recordExt = ".json"
	// maxRecord is what a sidecar may have, bytes: a record with the cells of
	// every country and level has about 15 KB.
	maxRecord = 1 << 20
	// maxAlso is how many further addresses of the same bytes are kept. Those
	// that were fetched longest ago are forgotten first: that costs a download.
	maxAlso = 63
)

// readRecord reads the sidecar of the file sha.
func readRecord(path, sha string) (Record, error) {
	b, err := readBounded(path, maxRecord)
	if err != nil {
		return Record{}, err
	}
	return decodeRecord(b, sha)
}

// decodeRecord reads the text of the sidecar of the file sha.
func decodeRecord(b []byte, sha string) (Record, error) {
	if len(b) > maxRecord {
		return Record{}, fmt.Errorf("the record has %d bytes: %w", len(b), ErrTooLarge)
	}
	var rec Record
	if err := json.Unmarshal(b, &rec); err != nil {
		return Record{}, fmt.Errorf("the record cannot be read (%w)", err)
	}
	if rec.SHA256 != sha {
		return Record{}, fmt.Errorf("the record is that of another file (%s)", cut(rec.SHA256, 80))
	}
	if rec.Size < 0 {
		return Record{}, fmt.Errorf("the record gives a size of %d bytes", rec.Size)
	}
	for i := range rec.Also {
		if a := &rec.Also[i]; a.SHA256 != sha || a.Size != rec.Size || len(a.Also) > 0 {
			return Record{}, fmt.Errorf("the record has one of another file in it (%s)", cut(a.SHA256, 80))
		}
	}
	return rec, nil
}

// saveRecord writes the sidecar of rec.
func (c *Cache) saveRecord(rec Record) error {
	b, err := json.MarshalIndent(rec, "", "\t")
	if err != nil {
		return fmt.Errorf("write the record of %s: %w", rec.SHA256, err)
	}
	if len(b) > maxRecord {
		return fmt.Errorf("write the record of %s (%d bytes): %w", rec.SHA256, len(b), ErrTooLarge)
	}
	return writeFile(c.path(rec.SHA256)+recordExt, append(b, '\n'))
}

// writeFile puts b at path, whole or not at all.
func writeFile(path string, b []byte) error {
	f, err := atomicfile.Create(path)
	if err != nil {
		return err
	}
	defer f.Abort()
	if _, err := f.Write(b); err != nil {
		return atomicfile.Explain("write "+path, err)
	}
	return f.Commit()
}

// readBounded reads a file that should have at most max bytes; one more tells
// that it has not.
func readBounded(path string, max int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, max+1))
}
