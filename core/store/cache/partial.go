package cache

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/shapes-desktop/shapes/core/store/atomicfile"
)

// maxState is what a download's state may have, bytes.
const maxState = 64 << 10

// Partial returns where the bytes of an unfinished download lie, or will, and
// the state that SavePartial was given with them; nil if it must begin anew.
// The state is then no longer on the disk: bytes and state change together, and
// only who is at work knows both. Until Add, SavePartial or DropPartial the
// download counts as at work, and Trim leaves it alone. One caller at a time
// for the same address is the callers' matter.
func (c *Cache) Partial(url, form string) (path string, state []byte, err error) {
	path = c.partial(url, form)
	c.mu.Lock()
	c.using[partialKey(url, form)]++
	c.mu.Unlock()
	state, err = readBounded(path+recordExt, maxState)
	if errors.Is(err, fs.ErrNotExist) {
		return path, nil, nil
	}
	if err != nil {
		return path, nil, atomicfile.Explain("read the state of a download", err)
	}
	if err := removeIfThere(path + recordExt); err != nil {
		return path, nil, atomicfile.Explain("take the state of a download", err)
	}
	if info, err := os.Lstat(path); err != nil || !info.Mode().IsRegular() || info.Size() == 0 || len(state) > maxState {
		return path, nil, nil
	}
	return path, state, c.after("taken")
}

// SavePartial keeps the state of a download that broke off, for the bytes that
// lie where Partial said.
func (c *Cache) SavePartial(url, form string, state []byte) error {
	defer c.release(url, form)
	if len(state) > maxState {
		return fmt.Errorf("keep the state of a download (%d bytes): %w", len(state), ErrTooLarge)
	}
	return writeFile(c.partial(url, form)+recordExt, state)
}

// DropPartial removes the bytes and state of a download that is not to be
// continued.
func (c *Cache) DropPartial(url, form string) error {
	defer c.release(url, form)
	path := c.partial(url, form)
	if err := removeIfThere(path + recordExt); err != nil {
		return atomicfile.Explain("remove the state of a download", err)
	}
	return atomicfile.Explain("remove what came of a download", removeIfThere(path))
}

func (c *Cache) release(url, form string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.using, partialKey(url, form))
}

func (c *Cache) partial(url, form string) string {
	return filepath.Join(c.dir, partialDir, partialKey(url, form))
}

// partialKey names an address. No URL has a NUL, so that no two share a name.
func partialKey(url, form string) string {
	sum := sha256.Sum256([]byte(url + "\x00" + form))
	return hex.EncodeToString(sum[:])
}
