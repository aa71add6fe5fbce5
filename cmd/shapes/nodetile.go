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

func newNodeTile(v env) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "tile REF Z/X/Y",
		Short: "Show the record of a tile: sizes, quality, requests",
		Long: `tile tells what is known of a tile of a shape: its layers, sizes and entity tag, how
true it looks (visual quality: 1 where no vertex is off, 0 where one is off by four
pixels), how light it is (performance: 1 for nothing, 0 from 500 KB on), and how
often it was asked for. What is in it shows shapes inspect --tile.

--json writes an object with tile, layers (name, features, version, extent, keys,
values: how many different ones), features, bytes, plain_bytes, etag, visual_quality,
performance, source (the task), created, requests, requested.`,
		Args: refAndTile("a REF"),
		RunE: func(c *cobra.Command, args []string) error {
			var at tileFlag
			if err := at.Set(args[1]); err != nil {
				return usagef("tile %q: %w", args[1], err)
			}
			return v.withEngine(c, mustExist, func(ctx context.Context, e *engine.Engine) error {
				n, err := e.Find(ctx, args[0])
				if err != nil {
					return found(err)
				}
				r, err := e.VectorTile(ctx, n.ID, at.id)
				if err != nil {
					return untiled(err)
				}
				if asJSON {
					return writeJSON(v.s.out, tileOf(r))
				}
				v.tileRecord(r)
				return nil
			})
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return c
}

func (v env) tileRecord(r engine.TileRecord) {
	fact := factsOf(v.s.out)
	fact("tile", "%s", r.Name)
	for _, l := range r.Layers {
		fact("layer", "%s: %s, version %d, extent %d, %s: %s", l.Name, count(l.Features, "feature"), l.Version, l.Extent,
			count(len(l.Keys), "attribute"), strings.Join(l.Keys, " "))
	}
	fact("size", "%s bytes, %s ungzipped", comma(r.CompressedSize), comma(r.UncompressedSize))
	fact("etag", "%s", r.ETag)
	if r.HasFacts {
		fact("looks", "%s", strconv.FormatFloat(r.VisualQuality, 'f', 4, 64))
		fact("made", "%s by %s", r.Created.Local().Format(time.DateTime), r.Source)
	}
	fact("performance", "%s", strconv.FormatFloat(r.PerformanceScore, 'f', 4, 64))
	fact("requests", "%s", requestsOf(r))
}

func requestsOf(r engine.TileRecord) string {
	switch {
	case !r.Counted:
		return "not known: another opening of the tiles counts them"
	case r.RequestCount == 0:
		return "none"
	}
	return fmt.Sprintf("%s, last %s", comma(int(r.RequestCount)), r.LastRequested.Local().Format(time.DateTime))
}
