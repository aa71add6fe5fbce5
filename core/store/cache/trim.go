package cache

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/shapes-desktop/shapes/core/store/atomicfile"
)

// Trim removes files until at most max bytes are left: first what came of
// downloads that nobody continues, oldest first, then the files that were not
// used for longest. What keep wants stays, even if max is exceeded. It returns
// the records of the files that went, in that order. keep is asked about one
// file after the other, never while the cache is locked.
func (c *Cache) Trim(max int64, keep func(sha string) bool) ([]Record, error) {
	partials, err := c.partials()
	if err != nil {
		return nil, atomicfile.Explain("trim the cache", err)
	}
	files := c.byUse()
	total := int64(0)
	for _, p := range partials {
		total += p.size
	}
	for _, r := range files {
		total += r.Size
	}
	for _, p := range partials {
		if total <= max {
			return nil, nil
		}
		gone, err := c.trimPartial(p)
		if err != nil {
			return nil, err
		}
		if gone {
			total -= p.size
		}
	}
	return c.trimFiles(files, total, max, keep)
}

func (c *Cache) trimFiles(files []Record, total, max int64, keep func(sha string) bool) ([]Record, error) {
	var gone []Record
	for _, r := range files {
		if total <= max {
			break
		}
		if keep != nil && keep(r.SHA256) {
			continue
		}
		removed, err := c.removeUnused(r)
		if err != nil {
			return gone, err
		}
		if removed {
			total -= r.Size
			gone = append(gone, r)
		}
	}
	return gone, nil
}

// removeUnused removes a file unless it was used, or fetched again, since r.
func (c *Cache) removeUnused(r Record) (bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.files[r.SHA256]
	if !ok || lastUse(&e.rec).After(lastUse(&r)) {
		return false, nil
	}
	return true, c.remove(r.SHA256)
}

// byUse lists the files, that which was not used for longest first.
func (c *Cache) byUse() []Record {
	files := c.List()
	slices.SortStableFunc(files, func(a, b Record) int {
		return cmp.Or(lastUse(&a).Compare(lastUse(&b)), cmp.Compare(a.SHA256, b.SHA256))
	})
	return files
}

// lastUse is when a file was last wanted, from whichever address.
func lastUse(r *Record) time.Time {
	last := r.Used
	for _, r := range r.all() {
		for _, t := range []time.Time{r.Used, r.Fetched} {
			if t.After(last) {
				last = t
			}
		}
	}
	return last
}

// partialFile is what came of a download.
type partialFile struct {
	key  string
	size int64
	at   time.Time
}

// partials lists what came of downloads, oldest first.
func (c *Cache) partials() ([]partialFile, error) {
	entries, err := os.ReadDir(filepath.Join(c.dir, partialDir))
	if err != nil {
		return nil, err
	}
	var out []partialFile
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || !isHash(e.Name()) || !info.Mode().IsRegular() {
			continue // finished meanwhile, or none of ours
		}
		out = append(out, partialFile{e.Name(), info.Size(), info.ModTime()})
	}
	slices.SortFunc(out, func(a, b partialFile) int {
		return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.key, b.key))
	})
	return out, nil
}

// trimPartial removes what came of a download unless that is at work.
func (c *Cache) trimPartial(p partialFile) (bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.using[p.key] > 0 {
		return false, nil
	}
	path := filepath.Join(c.dir, partialDir, p.key)
	for _, name := range []string{path + recordExt, path} {
		if err := removeIfThere(name); err != nil {
			return false, atomicfile.Explain("remove what came of a download", err)
		}
	}
	return true, nil
}
