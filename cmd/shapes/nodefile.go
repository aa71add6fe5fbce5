package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/tree"
)

func newNodeExport(v env) *cobra.Command {
	var out string
	var tiles, own, force bool
	c := &cobra.Command{
		Use:   "export REF... -o FILE.zip",
		Short: "Write nodes as one file, to take them elsewhere",
		Long: `export writes nodes, with all that is below them, as one zip file that import
reads: names, descriptions and settings, with --tiles the tiles as well. Input
files are not in it, but where they were. FILE appears whole or not at all.

Tiles whose licence does not allow giving them to others, as that of GADM, are
refused; --own takes them all the same, into a file that stays with you.`,
		Args: atLeast(1, "a REF"),
		RunE: func(c *cobra.Command, args []string) error {
			if !strings.HasSuffix(strings.ToLower(out), ".zip") {
				return usagef("export needs -o FILE.zip: a file that ends in .zip")
			}
			if exists(out) && !force {
				return fmt.Errorf("export: %s is there already; it was not touched (--force replaces it)", out)
			}
			return v.withEngine(c, mustExist, func(ctx context.Context, e *engine.Engine) error {
				nodes, err := find(ctx, e, args)
				if err != nil {
					return err
				}
				if err := e.Export(ctx, ids(nodes), out, engine.ExportOptions{Tiles: tiles, Own: own}); err != nil {
					if errors.Is(err, engine.ErrNoSharing) {
						err = fmt.Errorf("%w; leave out --tiles, or say --own if the file stays with you", err)
					}
					return fmt.Errorf("%w; %s", err, untouched(out))
				}
				if tiles {
					if err := v.tellUntiled(ctx, e, ids(nodes)); err != nil {
						return err
					}
				}
				size := int64(0)
				if info, err := os.Stat(out); err == nil {
					size = info.Size()
				}
				fmt.Fprintf(v.s.out, "exported %s to %s (%s)\n", count(len(nodes), "node"), out, humanize.Bytes(uint64(size)))
				return nil
			})
		},
	}
	fs := c.Flags()
	fs.SortFlags = false
	fs.StringVarP(&out, "output", "o", "", "`FILE.zip` to write (required)")
	fs.BoolVar(&tiles, "tiles", false, "with the tiles")
	fs.BoolVar(&own, "own", false, "the file stays with me: with tiles that may not be shared, as those of GADM")
	fs.BoolVar(&force, "force", false, "replace a file that is there")
	return c
}

// namedAtMost bounds how many things a note names one by one.
const namedAtMost = 5

// tellUntiled names shapes that were exported without tiles since they have none.
func (v env) tellUntiled(ctx context.Context, e *engine.Engine, ids []string) error {
	nodes, err := e.Untiled(ctx, ids)
	for _, n := range nodes[:min(len(nodes), namedAtMost)] {
		fmt.Fprintf(v.s.err, "note: “%s” has no tiles yet: its settings alone are in the file\n", oneRow(n.Name))
	}
	if more := len(nodes) - namedAtMost; more > 0 {
		fmt.Fprintf(v.s.err, "note: %s more without tiles\n", count(more, "shape"))
	}
	return err
}

func newNodeImport(v env) *cobra.Command {
	into := ""
	policy := choiceFlag{string(engine.Rename), []string{string(engine.Skip), string(engine.Replace), string(engine.Rename)}}
	c := &cobra.Command{
		Use:   "import FILE.zip",
		Short: "Bring in nodes that export wrote",
		Long: `import brings in the nodes of a file that export wrote, all or none of them.
--on-conflict says what happens where a name is taken: skip leaves the new one
out, replace moves the old one to the trash, rename calls the new one "name (2)".`,
		Args: exactly("FILE.zip"),
		RunE: func(c *cobra.Command, args []string) error {
			if _, err := os.Stat(args[0]); err != nil {
				return fmt.Errorf("import: %w; nothing was changed", err)
			}
			return v.withEngine(c, mayMake, func(ctx context.Context, e *engine.Engine) error {
				to := tree.Root
				if into != "" {
					var err error
					if to, err = folder(ctx, e, into); err != nil {
						return err
					}
				}
				got, err := e.Import(ctx, args[0], to, engine.Policy(policy.value))
				if err != nil {
					return unchanged(err)
				}
				v.tell("imported", got.Nodes...)
				fmt.Fprintf(v.s.out, "%s made, %d skipped, %d replaced, %d renamed, %s\n", count(got.Made, "node"),
					got.Skipped, got.Replaced, got.Renamed, count(got.Tiles, "tileset"))
				v.tellIgnored(args[0], got.Ignored)
				return nil
			})
		},
	}
	fs := c.Flags()
	fs.SortFlags = false
	fs.StringVar(&into, "into", "", "`FOLDER` to put them in (default: the top)")
	policy.addTo(c, "on-conflict", "where a name is taken: skip, replace or rename")
	return c
}

// tellIgnored names what was in a file and did not come in.
func (v env) tellIgnored(file string, names []string) {
	for _, name := range names[:min(len(names), namedAtMost)] {
		fmt.Fprintf(v.s.err, "note: left out: %q of %s, which belongs to none of its nodes\n", name, file)
	}
	if more := len(names) - namedAtMost; more > 0 {
		fmt.Fprintf(v.s.err, "note: left out: %s more like it\n", count(more, "entry"))
	}
}
