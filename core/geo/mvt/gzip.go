package mvt

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
)

// ErrTooLarge is the error of Gunzip for data that would grow beyond the
// limit: a zip bomb, or a limit set too low.
var ErrTooLarge = errors.New("uncompressed tile is larger than allowed")

// Gunzip uncompresses a tile of at most maxBytes uncompressed bytes. Data
// that is not gzip is returned as it is, not copied, within the same limit.
// Memory is bounded by maxBytes. Errors: ErrTooLarge, or damaged gzip.
func Gunzip(data []byte, maxBytes int) ([]byte, error) {
	if !IsGzip(data) {
		if len(data) > maxBytes {
			return nil, fmt.Errorf("read tile of %d bytes: %w (%d)", len(data), ErrTooLarge, maxBytes)
		}
		return data, nil
	}
	zr, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("ungzip tile: %w", err)
	}
	out := bytes.NewBuffer(make([]byte, 0, sizeHint(data, maxBytes)))
	n, err := io.Copy(out, io.LimitReader(zr, int64(maxBytes)+1))
	if n > int64(maxBytes) {
		return nil, fmt.Errorf("ungzip tile of %d bytes: %w (%d)", len(data), ErrTooLarge, maxBytes)
	}
	if err != nil {
		return nil, fmt.Errorf("ungzip tile after %d bytes: %w", n, err)
	}
	return out.Bytes(), nil
}

// IsGzip reports whether data begins like a gzip file.
func IsGzip(data []byte) bool { return len(data) >= 2 && data[0] == 0x1f && data[1] == 0x8b }

// sizeHint guesses the uncompressed size from the last four bytes, which the
// writer may have filled with anything: never beyond 16 times the input.
func sizeHint(data []byte, maxBytes int) int {
	if len(data) < 18 {
		return 0
	}
	size := uint64(binary.LittleEndian.Uint32(data[len(data)-4:]))
	return int(min(size, uint64(maxBytes), uint64(16*len(data)))) + bytes.MinRead
}
