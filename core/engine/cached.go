package engine

import (
	"context"
	"errors"
	"fmt"

	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/store/cache"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// CachedFile is a file in the cache.
type CachedFile struct {
	cache.Record
	Nodes []string // that use it, by id
}

// ErrInUse: a node's tiles were made of the file.
var ErrInUse = errors.New("it is in use")

// Cached lists the files of the cache, by source, name and hash.
func (e *Engine) Cached(ctx context.Context) ([]CachedFile, error) {
	c, err := e.supply()
	if err != nil {
		return nil, err
	}
	var out []CachedFile
	err = e.coreView(func(tx *kv.Tx) error {
		for _, r := range c.cache.List() {
			nodes, err := usersOf(tx, r.SHA256)
			if err != nil {
				return err
			}
			out = append(out, CachedFile{r, nodes})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, ctx.Err()
}

// usersOf returns the nodes that use a file.
func usersOf(tx *kv.Tx, hash string) ([]string, error) {
	d, ok, err := shape.SourceFiles().Get(tx, kv.Key(nil).Str(hash))
	if err != nil || !ok {
		return nil, err
	}
	return d.References.Nodes(), nil
}

// Uncache removes files from the cache by their hashes. A file that nodes use
// is kept (ErrInUse) unless forced: then the next run fetches it again.
func (e *Engine) Uncache(ctx context.Context, hashes []string, force bool) (freed int64, err error) {
	if err := e.command(); err != nil {
		return 0, err
	}
	defer e.commands.Unlock()
	files, err := e.Cached(ctx)
	if err != nil {
		return 0, err
	}
	c, err := e.supply()
	if err != nil {
		return 0, err
	}
	by := map[string]CachedFile{}
	for _, f := range files {
		by[f.SHA256] = f
	}
	var errs []error
	for _, h := range hashes {
		f, ok := by[h]
		switch {
		case !ok:
			errs = append(errs, fmt.Errorf("remove %s: %w", h, cache.ErrMissing))
		case len(f.Nodes) > 0 && !force:
			errs = append(errs, fmt.Errorf("remove %s: %w by %s", f.Name, ErrInUse, nodesText(len(f.Nodes))))
		default:
			if err := c.cache.Remove(h); err != nil {
				errs = append(errs, err)
				continue
			}
			freed += f.Size
		}
	}
	return freed, errors.Join(errs...)
}

func nodesText(n int) string {
	if n == 1 {
		return "a node"
	}
	return fmt.Sprintf("%d nodes", n)
}

// StrayFile is the kind of what lies in the cache's folder and is none of its
// files.
const StrayFile = cache.Stray

// VerifyCache reads every file of the cache and compares it with its record;
// with repair, what is damaged goes: the next run fetches it again. Strays stay:
// somebody may want them.
func (e *Engine) VerifyCache(ctx context.Context, repair bool, progress func(done, total int)) ([]cache.Problem, error) {
	c, err := e.supply()
	if err != nil {
		return nil, err
	}
	problems, err := c.cache.Verify(ctx, progress)
	if err != nil || !repair {
		return problems, err
	}
	var errs []error
	for _, p := range problems {
		if p.Kind != StrayFile {
			errs = append(errs, c.cache.Repair(p, cache.Discard))
		}
	}
	return problems, errors.Join(errs...)
}

// cacheBound is how large the cache may grow with files that no node uses.
const cacheBound = 10 << 30

// trimCache makes room in the cache, if it was used since the start: what no
// node uses goes, the least recently used first.
func (e *Engine) trimCache() error {
	c := e.opened.Load()
	if c == nil {
		return nil
	}
	used := map[string]bool{}
	err := e.coreView(func(tx *kv.Tx) error {
		for d, err := range shape.SourceFiles().All(tx, nil) {
			if err != nil {
				return err
			}
			used[d.SHA256] = len(d.References.Nodes()) > 0
		}
		return nil
	})
	if err != nil {
		return err
	}
	freed, err := c.cache.Trim(cacheBound, func(sha string) bool { return used[sha] })
	for _, r := range freed {
		e.log.Info("cache file removed", "name", r.Name, "bytes", r.Size)
	}
	return err
}
