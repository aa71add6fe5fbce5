package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"github.com/shapes-desktop/shapes/core/engine"
)

// isConsent reports whether a licence has to be accepted first.
func isConsent(err error) bool { return errors.Is(err, engine.ErrConsent) }

func newCache(v env) *cobra.Command {
	return group(v.s, "cache", "Look after downloaded files",
		`cache lists, checks and removes the files that were downloaded. Each is kept once
under the hash of its bytes, with where it is from. A file that a shape's tiles were
made of is kept unless told otherwise; of the others the least recently used go when
there are more than 10 GiB.`,
		newCacheLs(v), newCacheAdd(v), newCacheRm(v), newCacheVerify(v))
}

type cachedJSON struct {
	SHA256   string     `json:"sha256"`
	Name     string     `json:"name"`
	Source   string     `json:"source"`
	Bytes    int64      `json:"bytes"`
	URL      string     `json:"url"`
	Fetched  *time.Time `json:"fetched"`
	Used     *time.Time `json:"used,omitempty"`
	Vintage  string     `json:"vintage,omitempty"`
	Licence  string     `json:"licence"`
	Accepted string     `json:"accepted_by,omitempty"`
	Cells    []string   `json:"cells,omitempty"`
	Nodes    []string   `json:"nodes,omitempty"` // that use it
}

func newCacheLs(v env) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "ls", Short: "List downloaded files", Args: none,
		RunE: func(c *cobra.Command, _ []string) error {
			return v.withEngine(c, mustExist, func(ctx context.Context, e *engine.Engine) error {
				files, err := e.Cached(ctx)
				if err != nil {
					return err
				}
				return v.cached(files, asJSON)
			})
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return c
}

func (v env) cached(files []engine.CachedFile, asJSON bool) error {
	if asJSON {
		out := make([]cachedJSON, 0, len(files))
		for _, f := range files {
			out = append(out, cachedJSON{
				f.SHA256, f.Name, f.Source, f.Size, f.URL, moment(f.Fetched), moment(f.Used), f.Vintage, f.License, f.AcceptedBy, f.Cells, f.Nodes,
			})
		}
		return writeJSON(v.s.out, out)
	}
	if len(files) == 0 {
		_, err := fmt.Fprintln(v.s.out, "nothing was downloaded yet (shapes fetch, or a run, does that)")
		return err
	}
	t := table{elastic: 6, more: []int{2}, right: map[int]bool{3: true}}
	t.row("SHA-256", "SOURCE", "NAME", "SIZE", "FETCHED", "USED BY", "LICENCE")
	var bytes int64
	for _, f := range files {
		users := ""
		if len(f.Nodes) > 0 {
			users = count(len(f.Nodes), "shape")
		}
		t.row(f.SHA256[:shownHash], f.Source, f.Name, humanize.Bytes(uint64(f.Size)), f.Fetched.Local().Format(time.DateOnly), users, f.License)
		bytes += f.Size
	}
	t.lean()
	t.write(v.s.out, v.s.columns())
	_, err := fmt.Fprintf(v.s.out, "%s, %s\n", count(len(files), "file"), humanize.Bytes(uint64(bytes)))
	return err
}

func newCacheRm(v env) *cobra.Command {
	var unused, force bool
	c := &cobra.Command{
		Use:   "rm [FILE...]",
		Short: "Remove downloaded files",
		Long: `rm removes files from the cache. FILE is a name, or the beginning of a hash (six
digits or more), as ls shows them. Files that a shape's tiles were made of are kept unless --force is given:
the tiles stay, and the next run fetches them again.`,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 && !unused {
				return usagef("rm needs a FILE, or --unused")
			}
			return v.withEngine(c, mustExist, func(ctx context.Context, e *engine.Engine) error {
				files, err := e.Cached(ctx)
				if err != nil {
					return err
				}
				hashes, err := chosen(files, args, unused)
				if err != nil {
					return err
				}
				freed, err := e.Uncache(ctx, hashes, force)
				fmt.Fprintf(v.s.out, "freed %s\n", humanize.Bytes(uint64(freed)))
				if errors.Is(err, engine.ErrInUse) {
					err = fmt.Errorf("%w; what is in use was kept (--force removes it: tiles stay, and the next run fetches it again)", err)
				}
				return err
			})
		},
	}
	c.Flags().BoolVar(&unused, "unused", false, "all that no shape uses")
	c.Flags().BoolVar(&force, "force", false, "also what shapes use")
	return c
}

// How many digits of a hash are shown, and how many name a file at least.
const (
	shownHash = 8
	minHash   = 6
)

// chosen returns the hashes of the files that are named.
func chosen(files []engine.CachedFile, names []string, unused bool) ([]string, error) {
	var out []string
	add := func(hash string) {
		if !slices.Contains(out, hash) {
			out = append(out, hash)
		}
	}
	for _, name := range names {
		found := false
		for _, f := range files {
			if f.Name == name || len(name) >= minHash && strings.HasPrefix(f.SHA256, name) {
				add(f.SHA256)
				found = true
			}
		}
		if !found {
			return nil, fmt.Errorf("there is no file %q in the cache (shapes cache ls lists them); nothing was removed", name)
		}
	}
	if unused {
		for _, f := range files {
			if len(f.Nodes) == 0 {
				add(f.SHA256)
			}
		}
	}
	return out, nil
}
