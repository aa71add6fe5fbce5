package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/shapes-desktop/shapes/core/engine"
)

func newNodeRecent(v env) *cobra.Command {
	var created, asJSON bool
	n := intFlag{10, 1, 10_000}
	c := &cobra.Command{
		Use:   "recent",
		Short: "List the shapes whose settings were changed last",
		Long: `recent lists shapes by the last change of their settings, the latest first; with
--created by when they were made.

--json writes an array of nodes as node ls does, with source, licence, maxzoom,
created, updated, version.`,
		Args: none,
		RunE: func(c *cobra.Command, _ []string) error {
			return v.withEngine(c, mustExist, func(ctx context.Context, e *engine.Engine) error {
				all, err := e.RecentShapes(ctx, created, n.value)
				if err != nil {
					return err
				}
				return v.recent(all, asJSON)
			})
		},
	}
	fs := c.Flags()
	fs.SortFlags = false
	fs.VarP(&n, "number", "n", "how many")
	fs.BoolVar(&created, "created", false, "by when they were made")
	fs.BoolVar(&asJSON, "json", false, "write JSON")
	return c
}

// recentJSON is a row of node recent --json.
type recentJSON struct {
	nodeJSON
	Created *time.Time `json:"created"`
	Updated *time.Time `json:"updated"`
	Version uint64     `json:"version"`
}

func (v env) recent(all []engine.Recent, asJSON bool) error {
	path := func(r engine.Recent) string {
		return strings.TrimPrefix(strings.ReplaceAll(r.Path, " / ", "/")+"/"+r.Node.Name, "/")
	}
	if asJSON {
		out := make([]recentJSON, 0, len(all))
		for _, r := range all {
			out = append(out, recentJSON{nodeOf(r.Node, path(r)), moment(r.Created), moment(r.Updated), r.Version})
		}
		return writeJSON(v.s.out, out)
	}
	if len(all) == 0 {
		_, err := fmt.Fprintln(v.s.out, "there are no shapes")
		return err
	}
	t := table{right: map[int]bool{3: true}}
	t.row("SHAPE", "CHANGED", "MADE", "VERSION")
	for _, r := range all {
		t.row(path(r), r.Updated.Local().Format(time.DateTime), r.Created.Local().Format(time.DateTime), strconv.FormatUint(r.Version, 10))
	}
	t.write(v.s.out, v.s.columns())
	return nil
}
