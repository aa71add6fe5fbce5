package cache

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/shapes-desktop/shapes/core/store/atomicfile"
)

// ProblemKind says what is wrong with a file of the cache.
type ProblemKind string

// The kinds of problems.
const (
	Damaged   ProblemKind = "damaged"    // the bytes are not those of the name
	NoFile    ProblemKind = "no-file"    // a record, and no bytes
	NoRecord  ProblemKind = "no-record"  // bytes, and nothing that says where they are from
	BadRecord ProblemKind = "bad-record" // the record cannot be read, or is another file's
	Stray     ProblemKind = "stray"      // a file that is none of ours
)

// Problem is a fault that Verify found.
type Problem struct {
	Kind   ProblemKind
	SHA256 string // "" for a stray
	Path   string
	Name   string // of the file, for people; "" if it is not known
	Says   string // a sentence: what is wrong and what to do
}

// Verify reads every file again and compares it with its name and record. What
// it finds is in the order of the names; nothing is changed. progress hears how
// many of the names have been read, and of how many; it may be nil.
func (c *Cache) Verify(ctx context.Context, progress func(done, total int)) ([]Problem, error) {
	names, strays, err := c.names()
	if err != nil {
		return nil, atomicfile.Explain("verify the cache", err)
	}
	var found []Problem
	for i, sha := range names {
		p, bad := c.examine(ctx, sha)
		if err := ctx.Err(); err != nil {
			return found, err
		}
		if bad {
			found = append(found, p)
		}
		if progress != nil {
			progress(i+1, len(names))
		}
	}
	return append(found, strays...), nil
}

// names lists the hashes that have a file or a record, ascending, and what else
// lies there.
func (c *Cache) names() (hashes []string, strays []Problem, err error) {
	folders, err := os.ReadDir(c.dir)
	if err != nil {
		return nil, nil, err
	}
	for _, folder := range folders {
		if !folder.IsDir() || !isHex(folder.Name(), 2) {
			continue
		}
		entries, err := os.ReadDir(filepath.Join(c.dir, folder.Name()))
		if err != nil {
			return nil, nil, err
		}
		for _, e := range entries {
			sha := strings.TrimSuffix(e.Name(), recordExt)
			switch {
			case isHash(sha) && sha[:2] == folder.Name() && e.Type().IsRegular():
				hashes = append(hashes, sha)
			case !isLeftover(e.Name()): // a leftover may be a write that is at work
				strays = append(strays, Problem{
					Kind: Stray, Path: filepath.Join(c.dir, folder.Name(), e.Name()),
					Says: "it is no file of the cache and is never read; remove it if you do not know it",
				})
			}
		}
	}
	slices.Sort(hashes)
	return slices.Compact(hashes), strays, nil
}

// examine compares the file sha with its name and record.
func (c *Cache) examine(ctx context.Context, sha string) (Problem, bool) {
	path := c.path(sha)
	rec, recErr := readRecord(path+recordExt, sha)
	got, size, err := hashFile(ctx, path)
	p := Problem{SHA256: sha, Path: path, Name: rec.Name}
	switch noRecord := errors.Is(recErr, fs.ErrNotExist); {
	case errors.Is(err, fs.ErrNotExist) && noRecord:
		return Problem{}, false // removed meanwhile
	case errors.Is(err, fs.ErrNotExist):
		p.Kind, p.Path = NoFile, path+recordExt
		p.Says = "its record is there, but the file itself is gone; repair removes the record, and it is fetched again when it is needed"
	case err != nil:
		p.Kind, p.Says = Damaged, fmt.Sprintf("it cannot be read (%v); look after the disk", err)
	case got != sha:
		p.Kind, p.Says = Damaged, "its bytes are no longer those that were fetched; repair takes it away, and it is fetched again when it is needed"
	case noRecord:
		p.Kind, p.Says = NoRecord, "nothing says where it is from; repair takes it away"
	case recErr != nil:
		p.Kind, p.Path = BadRecord, path+recordExt
		p.Says = recErr.Error() + "; repair takes both away, and the file is fetched again when it is needed"
	case size != rec.Size:
		p.Kind, p.Path = BadRecord, path+recordExt
		p.Says = fmt.Sprintf("the record tells of %d bytes, but the file has %d; repair takes both away", rec.Size, size)
	default:
		return Problem{}, false
	}
	return p, true
}

// Remedy is what Repair does with a file that has a problem.
type Remedy string

// The remedies.
const (
	SetAside Remedy = "set-aside" // moved to the folder "aside" of the cache, where it is never read
	Discard  Remedy = "discard"   // deleted
)

// Repair takes what has a problem, bytes and record, out of the cache. If the
// problem is gone meanwhile (the file was fetched again) nothing happens.
func (c *Cache) Repair(p Problem, how Remedy) error {
	if p.Kind == Stray {
		return c.repairStray(p, how)
	}
	if err := checkHash(p.SHA256); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, bad := c.examine(context.Background(), p.SHA256); !bad {
		return nil
	}
	c.forget(p.SHA256)
	for _, path := range []string{c.path(p.SHA256) + recordExt, c.path(p.SHA256)} {
		if err := c.takeAway(path, how); err != nil {
			return err
		}
	}
	return nil
}

// repairStray takes away a file that is none of ours, if it is where Verify
// finds such files.
func (c *Cache) repairStray(p Problem, how Remedy) error {
	folder := filepath.Dir(p.Path)
	if filepath.Dir(folder) != c.dir || !isHex(filepath.Base(folder), 2) || isHash(strings.TrimSuffix(filepath.Base(p.Path), recordExt)) {
		return fmt.Errorf("repair %s: it is not a stray file of this cache; nothing was changed", p.Path)
	}
	return c.takeAway(p.Path, how)
}

func (c *Cache) takeAway(path string, how Remedy) error {
	if how == Discard {
		return atomicfile.Explain("remove "+path, removeIfThere(path))
	}
	aside := filepath.Join(c.dir, asideDir)
	if err := os.MkdirAll(aside, 0o755); err != nil {
		return atomicfile.Explain("set aside "+path, err)
	}
	err := os.Rename(path, filepath.Join(aside, filepath.Base(path)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return atomicfile.Explain("set aside "+path, err)
}
