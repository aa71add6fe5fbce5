package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

func newFetch(v env) *cobra.Command {
	var variant variantFlags
	var accept, refresh, asJSON, quiet bool
	atOnce := intFlag{0, 0, 16}
	from := ""
	c := &cobra.Command{
		Use:   "fetch SOURCE COUNTRY:LEVEL...",
		Short: "Download boundaries into the cache, to run without a network later",
		Long: `fetch downloads what the cells need, each address once, checks it and keeps it in
the cache. What is there already is not fetched again. A cell is as in --select of
node new: JPN:1, ITA:0-2, *:0 for all countries. A download that fails does not keep
the others from coming; run it again, and it fetches only what is missing. Ctrl-C
ends it; the next fetch goes on where it was, as far as the server can.

A source whose licence asks for it is fetched from only after --accept, which
records who accepted which licence and when; once is enough.

--file takes a file that you have downloaded yourself for the one cell that is named.

Exit code 0: all is there; 1: some is not, and why is said.`,
		Example: `  shapes fetch naturalearth '*:0-1'
  shapes fetch geoboundaries KEN:0-2 --accept
  shapes fetch gadm JPN:1 --file ~/Downloads/gadm41_JPN_1.json.zip --accept`,
		Args: atLeast(2, "SOURCE and at least one COUNTRY:LEVEL"),
		RunE: func(c *cobra.Command, args []string) error {
			if !slices.Contains(sourceNames(), args[0]) {
				return usagef("%q is no source that is fetched; there are %s", args[0], strings.Join(sourceNames(), ", "))
			}
			o := engine.FetchOrder{Source: shape.Source(args[0]), Refresh: refresh, AtOnce: atOnce.value}
			if err := variant.apply(&o.Variant); err != nil {
				return err
			}
			var err error
			if o.Selection, err = shape.ParseSelection(strings.Join(args[1:], ",")); err != nil {
				return usagef("%w", err)
			}
			return v.withEngine(c, mayMake, func(ctx context.Context, e *engine.Engine) error {
				if accept {
					if err := v.accept(ctx, e, o); err != nil {
						return err
					}
				}
				if from != "" {
					f, err := e.TakeFile(ctx, o, from)
					if err != nil {
						return hint(usageOf(err))
					}
					return v.fetched([]engine.Fetched{f}, taken, asJSON)
				}
				return v.fetch(ctx, e, o, quiet, asJSON)
			})
		},
	}
	c.Flags().SortFlags = false
	variant.register(c)
	c.Flags().BoolVar(&accept, "accept", false, "I accept the licences (shapes sources SOURCE shows them)")
	c.Flags().BoolVar(&refresh, "refresh", false, "ask the server whether what is at hand is current")
	c.Flags().Var(&atOnce, "at-once", "downloads at the same time (default 2)")
	c.Flags().StringVar(&from, "file", "", "take `FILE` for the cell instead of downloading it")
	c.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	c.Flags().BoolVar(&quiet, "quiet", false, "no progress")
	return c
}

// fetch gets what is ordered and tells how that went.
func (v env) fetch(ctx context.Context, e *engine.Engine, o engine.FetchOrder, quiet, asJSON bool) error {
	show := newFetching(v.s)
	if !quiet {
		o.Report = show.report
	}
	all, err := e.Fetch(ctx, o)
	show.close()
	switch {
	case errors.Is(err, context.Canceled):
		return interrupted(all)
	case err != nil:
		return hint(usageOf(err))
	}
	return v.fetched(all, downloaded, asJSON)
}

// interrupted says what an interrupted fetch leaves.
func interrupted(all []engine.Fetched) error {
	came := 0
	for _, f := range all {
		if f.Over && f.Err == nil {
			came++
		}
	}
	return fmt.Errorf("interrupted: %d of %s at hand; what came of the others is kept, and the same command goes on from there", came, count(len(all), "file"))
}

// hint says how to accept.
func hint(err error) error {
	if isConsent(err) {
		return fmt.Errorf("%w; nothing was fetched (--accept accepts it, and records that you did)", err)
	}
	return err
}

// accept records consent to what is asked for.
func (v env) accept(ctx context.Context, e *engine.Engine, o engine.FetchOrder) error {
	t, err := e.Terms(ctx, o.Source, o.Variant, o.Selection)
	if err != nil {
		return usageOf(err)
	}
	if !t.Required {
		return nil
	}
	if names, err := e.Unaccepted(o); err != nil || len(names) == 0 {
		return usageOf(err) // who accepted them first, and when, stays
	}
	c, err := e.Accept(t)
	if err == nil {
		fmt.Fprintf(v.s.err, "accepted by %s: %s (%s)\n", c.Who, c.Name, c.URL)
	}
	return err
}

type fetchedJSON struct {
	Cells    []string `json:"cells"`
	Name     string   `json:"name,omitempty"`
	SHA256   string   `json:"sha256,omitempty"`
	Bytes    int64    `json:"bytes,omitempty"`
	URL      string   `json:"url,omitempty"`
	Vintage  string   `json:"vintage,omitempty"`
	Licence  string   `json:"licence,omitempty"`
	Cached   bool     `json:"cached,omitempty"` // it was at hand
	Error    string   `json:"error,omitempty"`
	Accepted string   `json:"accepted_by,omitempty"`
}

// why tells of a failure with its title, unless it begins with that.
func why(title, text string) string {
	if strings.HasPrefix(text, title) {
		return text
	}
	return title + ": " + text
}

// way is how files came, as the summary says it.
type way string

const (
	downloaded way = "fetched"
	taken      way = "taken" // from the user's own files
)

// fetched writes what came, and fails if something did not.
func (v env) fetched(all []engine.Fetched, how way, asJSON bool) error {
	rows := make([]fetchedJSON, 0, len(all))
	failed, bytes, came := []string{}, int64(0), 0
	for _, f := range all {
		r := fetchedJSON{Cells: []string{}, Cached: f.Cached}
		for _, c := range f.Cells {
			r.Cells = append(r.Cells, fmt.Sprintf("%s:%d", c.Country, c.Level))
		}
		if f.Err != nil {
			r.Error = oneLine(f.Err.Error())
			failed = append(failed, why(f.Title, r.Error))
		} else {
			r.Name, r.SHA256, r.Bytes, r.URL = f.File.Name, f.File.SHA256, f.File.Size, f.File.URL
			r.Vintage, r.Licence, r.Accepted = f.File.Vintage, f.File.License, f.File.AcceptedBy
			if !f.Cached {
				came++
				bytes += f.File.Size
			}
		}
		rows = append(rows, r)
	}
	if asJSON {
		if err := writeJSON(v.s.out, rows); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(v.s.out, "%d of %s at hand; %s %d (%s)\n", len(all)-len(failed), count(len(all), "file"), how, came, humanize.Bytes(uint64(bytes)))
		for _, f := range failed {
			fmt.Fprintln(v.s.out, "failed: "+f)
		}
	}
	return incomplete(how, len(failed), len(all))
}

// incomplete says how many files there are not; nothing if that is none.
func incomplete(how way, failed, all int) error {
	which, kept, next := count(failed, "file"), "; what came is kept", "; the same command tries again"
	switch failed {
	case 0:
		return nil
	case all:
		kept = ""
	default:
		which += fmt.Sprintf(" of %d", all)
		next = ", and the same command goes on from there"
	}
	if how == taken {
		next = ""
	}
	return fmt.Errorf("%s could not be %s%s%s", which, how, kept, next)
}
