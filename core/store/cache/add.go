package cache

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/shapes-desktop/shapes/core/store/atomicfile"
)

// Add moves the finished file part, which is closed and on the same disk, under
// the hash of its bytes, and returns the record as it is kept. Hash and size are
// taken from the bytes; those of rec, if given, must agree, else ErrMismatch and
// part stays. The same bytes from another address are one file, whose record
// has both. If the process ends in between, the file is either in the cache or
// not, and Verify finds what is left.
func (c *Cache) Add(rec Record, part string) (Record, error) {
	sha, size, err := hashFile(context.Background(), part)
	if err != nil {
		return Record{}, atomicfile.Explain("keep "+rec.Name, err)
	}
	if rec.SHA256 != "" && rec.SHA256 != sha {
		return Record{}, fmt.Errorf("keep %s: its sha256 is %s, not %s: %w", rec.Name, sha, cut(rec.SHA256, 64), ErrMismatch)
	}
	if rec.Size != 0 && rec.Size != size {
		return Record{}, fmt.Errorf("keep %s: it has %d bytes, not %d: %w", rec.Name, size, rec.Size, ErrMismatch)
	}
	rec.SHA256, rec.Size, rec.Also = sha, size, nil
	// What takes long with large files is done before the others have to wait.
	there := c.sound(rec)
	if !there {
		if err := flush(part); err != nil {
			return Record{}, atomicfile.Explain("keep "+rec.Name, err)
		}
	}

	c.mu.Lock()
	defer c.mu.Unlock()
	rec.Fetched = c.afterOlder(rec)
	if e, ok := c.files[sha]; ok {
		rec = joined(rec, e.rec)
	}
	if err := c.place(rec, part, there); err != nil {
		return Record{}, err
	}
	c.put(rec)
	delete(c.using, partialKey(rec.URL, rec.Form))
	return rec, nil
}

// afterOlder returns when rec was fetched, or a moment after the other file that
// its address had, if the clock was set back since: the newest must be found.
func (c *Cache) afterOlder(rec Record) time.Time {
	sha, ok := c.address[rec.address()]
	if !ok || sha == rec.SHA256 || !c.newer(sha, rec) {
		return rec.Fetched
	}
	older, _ := c.files[sha].rec.from(rec.address())
	return older.Fetched.Add(time.Nanosecond)
}

// place puts bytes and sidecar where they belong: the bytes first, so that a
// record never stands beside nothing.
func (c *Cache) place(rec Record, part string, there bool) error {
	target := c.path(rec.SHA256)
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return atomicfile.Explain("keep "+rec.Name, err)
	}
	if err := c.after("folder"); err != nil {
		return err
	}
	if err := c.placeBytes(rec, part, target, there); err != nil {
		return err
	}
	if err := c.after("bytes"); err != nil {
		return err
	}
	if err := c.saveRecord(rec); err != nil {
		return err
	}
	if err := c.after("record"); err != nil {
		return err
	}
	return atomicfile.Explain("remove the state of a finished download", removeIfThere(c.partial(rec.URL, rec.Form)+recordExt))
}

// placeBytes renames part to target. If sound bytes were there already they
// stay, as somebody may be reading them; else they are replaced.
func (c *Cache) placeBytes(rec Record, part, target string, there bool) error {
	if info, err := os.Lstat(target); there && err == nil && info.Mode().IsRegular() && info.Size() == rec.Size {
		return atomicfile.Explain("remove a second copy of "+rec.Name, os.Remove(part))
	}
	return atomicfile.Replace(part, target)
}

// sound reports whether the bytes of rec are in their place already.
func (c *Cache) sound(rec Record) bool {
	sha, size, err := hashFile(context.Background(), c.path(rec.SHA256))
	return err == nil && sha == rec.SHA256 && size == rec.Size
}

// flush writes what is still in memory of a file to the disk.
func flush(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// joined is rec with the other addresses of the same bytes that are known. What
// is known of rec's own address gives way, but for its cells.
func joined(rec, known Record) Record {
	for _, r := range known.all() {
		if r.address() != rec.address() {
			rec.Also = append(rec.Also, r)
			continue
		}
		rec.Cells = union(rec.Cells, r.Cells)
		if rec.Accepted.IsZero() {
			rec.AcceptedBy, rec.Accepted = r.AcceptedBy, r.Accepted
		}
	}
	return bounded(rec)
}

// bounded leaves the newest of too many further addresses.
func bounded(rec Record) Record {
	slices.SortStableFunc(rec.Also, func(a, b Record) int {
		return cmp.Or(b.Fetched.Compare(a.Fetched), cmp.Compare(a.URL, b.URL), cmp.Compare(a.Form, b.Form))
	})
	rec.Also = rec.Also[:min(len(rec.Also), maxAlso)]
	return rec
}

func union(a, b []string) []string {
	out := append(slices.Clone(a), b...)
	slices.Sort(out)
	return slices.Compact(out)
}

// Update writes what is now known of a file's address: rec is a record that
// Find or Get returned, with fields changed. ErrMissing if the file is gone.
func (c *Cache) Update(rec Record) error {
	if err := checkHash(rec.SHA256); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.files[rec.SHA256]
	if !ok {
		return fmt.Errorf("update %s: %w", rec.SHA256, ErrMissing)
	}
	if rec.Size != e.rec.Size {
		return fmt.Errorf("update %s: %w", rec.SHA256, ErrMismatch)
	}
	rec.Also = nil
	rec = joined(rec, e.rec)
	if err := c.saveRecord(rec); err != nil {
		return err
	}
	c.put(rec)
	return c.after("record")
}

// touchEvery is how much older the sidecar's Used may be than the true one:
// reading a file should not cost a write each time.
const touchEvery = time.Hour

// Touch notes that a file was used at t: Trim takes those first that were not
// used for longest. ErrMissing if there is no such file.
func (c *Cache) Touch(sha string, t time.Time) error {
	if err := checkHash(sha); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.files[sha]
	if !ok {
		return fmt.Errorf("touch %s: %w", sha, ErrMissing)
	}
	if !t.After(e.rec.Used) {
		return nil
	}
	e.rec.Used = t
	if t.Sub(e.saved) < touchEvery {
		return nil
	}
	e.saved = t
	return c.saveRecord(e.rec)
}

// hashFile returns hash and size of an ordinary file's bytes. It ends when ctx
// does.
func hashFile(ctx context.Context, path string) (string, int64, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return "", 0, err
	}
	if !info.Mode().IsRegular() {
		return "", 0, fmt.Errorf("%s is not an ordinary file", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, patient{ctx, f})
	if err != nil {
		return "", 0, err
	}
	return hex.EncodeToString(h.Sum(nil)), n, nil
}

// patient reads as long as its context lasts.
type patient struct {
	ctx context.Context
	r   io.Reader
}

func (p patient) Read(b []byte) (int, error) {
	if err := p.ctx.Err(); err != nil {
		return 0, err
	}
	return p.r.Read(b)
}
