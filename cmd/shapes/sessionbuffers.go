package main

import (
	"context"
	"fmt"
	"strconv"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/session"
)

func newSessionBuffers(v env) *cobra.Command {
	var task string
	var asJSON bool
	c := &cobra.Command{
		Use:   "buffers ID",
		Short: "Show what the tasks of a run have made and keep",
		Long: `buffers lists what the tasks of a run keep to go on from, the oldest first: features
as they were read (raw), their borders as one arrangement (simplified), blocks of
finished tiles (tiled). For the run see features.

--json writes an array of: id, task, type, format, packing, bytes, packed_bytes,
features, simplified (how many of a raw buffer's are), bbox, crs, created, expires,
expired, took_seconds, sha256 (of the unpacked data).`,
		Args: exactly("ID"),
		RunE: func(c *cobra.Command, args []string) error {
			return v.withEngine(c, mustExist, func(ctx context.Context, e *engine.Engine) error {
				all, err := e.Buffers(ctx, args[0], task)
				if err != nil {
					return err
				}
				return v.buffers(all, task, asJSON)
			})
		},
	}
	c.Flags().StringVar(&task, "task", "", "those that `TASK` has made, by id (session show --tasks lists tasks)")
	c.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return c
}

func (v env) buffers(all []engine.Buffer, task string, asJSON bool) error {
	if asJSON {
		out := make([]bufferJSON, 0, len(all))
		for _, b := range all {
			out = append(out, bufferOf(b))
		}
		return writeJSON(v.s.out, out)
	}
	if len(all) == 0 {
		what := "the run keeps no buffers"
		if task != "" {
			what = fmt.Sprintf("the run keeps no buffers of task %q", task)
		}
		_, err := fmt.Fprintln(v.s.out, what)
		return err
	}
	t := table{elastic: 1, right: map[int]bool{4: true, 5: true, 6: true}}
	t.row("ID", "TASK", "TYPE", "FORMAT", "FEATURES", "BYTES", "KEPT", "")
	for _, b := range all {
		features, note := "", ""
		if b.Features > 0 {
			features = comma(b.Features)
		}
		if b.Type == session.Raw {
			note = comma(b.Made) + " simplified"
		}
		t.row(b.ID, b.Task, string(b.Type), string(b.Format), features,
			humanize.Bytes(uint64(b.OriginalSize)), humanize.Bytes(uint64(b.CompressedSize)), note)
	}
	t.write(v.s.out, v.s.columns())
	return nil
}

func newSessionTile(v env) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "tile ID Z/X/Y",
		Short: "Show what a tile of a run is made of",
		Long: `tile tells which features have a part in a tile that a run has made, and how true
the tile looks. For the run see features.

--json writes an object with tile, task, status, features (as features does), bytes
of geometry, clip (bounds with the margin), quality, generated, took_seconds.`,
		Args: refAndTile("an ID"),
		RunE: func(c *cobra.Command, args []string) error {
			var at tileFlag
			if err := at.Set(args[1]); err != nil {
				return usagef("tile %q: %w", args[1], err)
			}
			return v.withEngine(c, mustExist, func(ctx context.Context, e *engine.Engine) error {
				m, err := e.TileMakeup(ctx, args[0], at.id)
				if err != nil {
					return err
				}
				if asJSON {
					return writeJSON(v.s.out, makeupOf(m, at.id.String()))
				}
				fact := factsOf(v.s.out)
				fact("tile", "%s", at.id)
				fact("task", "%s", m.Task)
				fact("geometry", "%s in %s", humanize.Bytes(uint64(m.Size)), m.Took)
				fact("clip", "%s", degreesOf(m.ClipBounds))
				fact("quality", "%s", strconv.FormatFloat(m.Quality, 'f', 4, 64))
				fact("features", "%s", comma(len(m.Parts)))
				if len(m.Parts) > 0 {
					v.featureTable(m.Parts)
				}
				return nil
			})
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return c
}

// refAndTile checks for a REF and the address of a tile.
func refAndTile(ref string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) != 2 {
			return usagef("%s needs %s and a tile Z/X/Y, got %d", c.Name(), ref, len(args))
		}
		return nil
	}
}

// degreesOf writes a box.
func degreesOf(b [4]float64) string {
	return fmt.Sprintf("%.6f,%.6f,%.6f,%.6f", b[0], b[1], b[2], b[3])
}
