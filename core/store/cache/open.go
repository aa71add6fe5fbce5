package cache

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/shapes-desktop/shapes/core/store/atomicfile"
)

const (
	partialDir = "partial"
	asideDir   = "aside" // what Repair sets aside
)

// Open opens the cache in dir, which is made if it is not there. What a process
// that was killed has left of unfinished writes is removed. A file whose record
// cannot be read is not in the cache until Verify and Repair deal with it; that
// never keeps the cache from being opened.
func Open(dir string) (*Cache, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, atomicfile.Explain("open the cache "+dir, err)
	}
	c := &Cache{
		dir: dir, files: map[string]*entry{}, address: map[address]string{}, using: map[string]int{},
		after: func(string) error { return nil },
	}
	if err := os.MkdirAll(filepath.Join(dir, partialDir), 0o755); err != nil {
		return nil, atomicfile.Explain("open the cache "+dir, err)
	}
	if err := c.load(); err != nil {
		return nil, atomicfile.Explain("open the cache "+dir, err)
	}
	return c, nil
}

// Faults returns the records that could not be read when the cache was opened;
// Verify finds these and more.
func (c *Cache) Faults() []Problem {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]Problem(nil), c.damaged...)
}

// load builds the index of all sidecars, and clears away what was left.
func (c *Cache) load() error {
	folders, err := os.ReadDir(c.dir)
	if err != nil {
		return err
	}
	for _, folder := range folders {
		name := folder.Name()
		if !folder.IsDir() || !isHex(name, 2) && name != partialDir {
			continue
		}
		entries, err := os.ReadDir(filepath.Join(c.dir, name))
		if err != nil {
			return err
		}
		for _, e := range entries {
			if err := c.loadFile(name, e); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *Cache) loadFile(folder string, e fs.DirEntry) error {
	path := filepath.Join(c.dir, folder, e.Name())
	sha, isRecord := strings.CutSuffix(e.Name(), recordExt)
	switch {
	case isLeftover(e.Name()):
		return removeIfThere(path)
	case folder == partialDir || !isRecord || !isHash(sha) || sha[:2] != folder:
		return nil
	}
	rec, err := readRecord(path, sha)
	if err != nil {
		c.damaged = append(c.damaged, Problem{Kind: BadRecord, SHA256: sha, Path: path, Says: err.Error()})
		return nil
	}
	if info, err := os.Lstat(c.path(sha)); err != nil || !info.Mode().IsRegular() || info.Size() != rec.Size {
		return nil // Verify tells of it
	}
	c.put(rec)
	return nil
}

// isLeftover tells the temporary names of atomicfile.
func isLeftover(name string) bool {
	return strings.HasPrefix(name, ".") && strings.HasSuffix(name, ".tmp")
}

// put enters rec, which is on the disk, in the index. The lock is held, or
// nobody else has c yet.
func (c *Cache) put(rec Record) {
	c.files[rec.SHA256] = &entry{rec: rec, saved: rec.Used}
	for _, r := range rec.all() {
		sha, ok := c.address[r.address()]
		if ok && sha != rec.SHA256 && c.newer(sha, r) {
			continue
		}
		c.address[r.address()] = rec.SHA256
	}
}

// newer reports whether the file sha came from r's address later than r did.
func (c *Cache) newer(sha string, r Record) bool {
	e, ok := c.files[sha]
	if !ok {
		return false
	}
	other, ok := e.rec.from(r.address())
	switch {
	case !ok:
		return false
	case other.Fetched.Equal(r.Fetched):
		return sha > r.SHA256
	}
	return other.Fetched.After(r.Fetched)
}

// forget takes a file from the index; an older one from the same address is
// found again.
func (c *Cache) forget(sha string) {
	delete(c.files, sha)
	for a, s := range c.address {
		if s != sha {
			continue
		}
		delete(c.address, a)
		c.findAgain(a)
	}
}

func (c *Cache) findAgain(a address) {
	for sha, e := range c.files {
		r, ok := e.rec.from(a)
		if best, found := c.address[a]; ok && !(found && c.newer(best, r)) {
			c.address[a] = sha
		}
	}
}

// path is where the file sha lies. sha is a hash: it cannot lead elsewhere.
func (c *Cache) path(sha string) string { return filepath.Join(c.dir, sha[:2], sha) }

// checkHash keeps names that are no hashes from becoming paths.
func checkHash(sha string) error {
	if !isHash(sha) {
		return fmt.Errorf("%q: %w", cut(sha, 80), ErrName)
	}
	return nil
}

func isHash(s string) bool { return isHex(s, 64) }

func isHex(s string, n int) bool {
	if len(s) != n {
		return false
	}
	for _, c := range []byte(s) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return s[:n] + "…"
}

func removeIfThere(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
