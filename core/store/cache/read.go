package cache

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"github.com/shapes-desktop/shapes/core/store/atomicfile"
)

// Find returns the record of the newest file that came from an address, as seen
// from there; false if there is none.
func (c *Cache) Find(url, form string) (Record, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	a := address{url, form}
	e, ok := c.files[c.address[a]]
	if !ok {
		return Record{}, false
	}
	return e.rec.from(a)
}

// Get returns a file's record and where its bytes lie; they are only to be
// read. ErrMissing if it is not there, or no longer as long as it was: what
// happened to it outside is Verify's matter.
func (c *Cache) Get(sha string) (rec Record, path string, err error) {
	if err := checkHash(sha); err != nil {
		return Record{}, "", err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.files[sha]
	if !ok {
		return Record{}, "", fmt.Errorf("%s: %w", sha, ErrMissing)
	}
	path = c.path(sha)
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Record{}, "", fmt.Errorf("%s (%s): its file was removed: %w", sha, e.rec.Name, ErrMissing)
	case err != nil:
		return Record{}, "", atomicfile.Explain("read "+path, err)
	case !info.Mode().IsRegular() || info.Size() != e.rec.Size:
		return Record{}, "", fmt.Errorf("%s (%s): its file was changed: %w", sha, e.rec.Name, ErrMissing)
	}
	return e.rec, path, nil
}

// Sound is Get for who is about to use the bytes: it reads them, and compares them
// with their name. A file that the disk, or somebody, has damaged since it was
// kept is taken out of the cache, and is ErrDamaged.
func (c *Cache) Sound(ctx context.Context, sha string) (rec Record, path string, err error) {
	rec, path, err = c.Get(sha)
	if err != nil {
		return Record{}, "", err
	}
	got, _, err := hashFile(ctx, path)
	switch {
	case ctx.Err() != nil:
		return Record{}, "", ctx.Err()
	case err != nil:
		return Record{}, "", atomicfile.Explain("read "+path, err)
	case got == sha:
		return rec, path, nil
	}
	err = fmt.Errorf("%s (%s): %w", cut(sha, shownHash), rec.Name, ErrDamaged)
	// If sound bytes have come meanwhile, they stay: the next call finds them.
	return Record{}, "", errors.Join(err, c.Repair(Problem{Kind: Damaged, SHA256: sha}, Discard))
}

// shownHash is how many digits of a hash people see.
const shownHash = 8

// List returns the records of all files, by source, name and hash.
func (c *Cache) List() []Record {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := make([]Record, 0, len(c.files))
	for _, e := range c.files {
		out = append(out, e.rec)
	}
	slices.SortFunc(out, func(a, b Record) int {
		return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.Name, b.Name), cmp.Compare(a.SHA256, b.SHA256))
	})
	return out
}

// Remove deletes a file and its record. One that is not there is no error.
func (c *Cache) Remove(sha string) error {
	if err := checkHash(sha); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.remove(sha)
}

// remove takes the record first: bytes without one are not in the cache, and a
// record without bytes would be a promise.
func (c *Cache) remove(sha string) error {
	c.forget(sha)
	path := c.path(sha)
	if err := removeIfThere(path + recordExt); err != nil {
		return atomicfile.Explain("remove the record of "+sha, err)
	}
	if err := c.after("record"); err != nil {
		return err
	}
	if err := removeIfThere(path); err != nil {
		return atomicfile.Explain("remove "+sha, err)
	}
	return c.after("bytes")
}
