package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"github.com/shapes-desktop/shapes/core/geo/mvt"
	"github.com/shapes-desktop/shapes/core/store/tileset"
)

// maxTileBytes bounds an ungzipped tile: two hundred times what clients like.
const maxTileBytes = 100 << 20

func newInspect(s std, g *global, eng engineAPI) *cobra.Command {
	var at tileFlag
	var asJSON bool
	c := &cobra.Command{
		Use:   "inspect IN",
		Short: "Show the metadata of tiles, or the content of one tile",
		Long: `inspect shows the metadata of IN: a .pmtiles or .mbtiles file, a folder of
tiles, or with --data-dir the id or name of a node. With --tile, or when IN is a
single .mvt or .pbf file (gzipped or not), it shows that tile's layers, features,
attributes and geometry. A tile that breaks the format is an error that says where.`,
		Example: `  shapes inspect world.pmtiles
  shapes inspect world.pmtiles --tile 3/4/2 --json`,
		Args: exactly("IN"),
		RunE: func(c *cobra.Command, args []string) error {
			return inspect(c.Context(), s.out, g, eng, args[0], at, asJSON)
		},
	}
	c.Flags().Var(&at, "tile", "address of the tile to show")
	c.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return c
}

func inspect(ctx context.Context, w io.Writer, g *global, eng engineAPI, in string, at tileFlag, asJSON bool) error {
	if isTileFile(in) {
		if at.set {
			return usagef("--tile %s: %s is a single tile", at.id, in)
		}
		data, err := readTileFile(in)
		if err != nil {
			return err
		}
		return showTile(w, in, data, asJSON)
	}
	tiles, err := openTiles(ctx, g, eng, in)
	if err != nil {
		return err
	}
	defer tiles.Close()
	if !at.set {
		return showMeta(w, tiles.Meta(), asJSON)
	}
	data, err := tiles.Tile(ctx, at.id)
	if err != nil {
		return fmt.Errorf("read tile %s of %s: %w", at.id, in, err)
	}
	if data == nil {
		m := tiles.Meta()
		return fmt.Errorf("%s has no tile %s (its zooms are %d to %d)", in, at.id, m.MinZoom, m.MaxZoom)
	}
	return showTile(w, fmt.Sprintf("tile %s of %s", at.id, in), data, asJSON)
}

// isTileFile reports whether path names a single tile, gzipped or not.
func isTileFile(path string) bool {
	name := strings.TrimSuffix(strings.ToLower(path), ".gz")
	if !strings.HasSuffix(name, ".mvt") && !strings.HasSuffix(name, ".pbf") {
		return false
	}
	info, err := os.Stat(path)
	return err != nil || !info.IsDir()
}

func readTileFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxTileBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	if len(data) > maxTileBytes {
		return nil, fmt.Errorf("read %s: larger than %s, which no tile is", path, humanize.Bytes(maxTileBytes))
	}
	return data, nil
}

func showTile(w io.Writer, name string, data []byte, asJSON bool) error {
	plain, err := mvt.Gunzip(data, maxTileBytes)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if asJSON {
		text, err := mvt.AppendJSON(nil, plain)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		_, err = w.Write(append(text, '\n'))
		return err
	}
	t, err := mvt.Decode(plain)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	fmt.Fprintf(w, "%s: %s, %s ungzipped\n", name, humanize.Bytes(uint64(len(data))), humanize.Bytes(uint64(len(plain))))
	for _, l := range t.Layers {
		writeLayer(w, l)
	}
	return nil
}

func writeLayer(w io.Writer, l mvt.Layer) {
	fmt.Fprintf(w, "layer %s: version %d, extent %d, %s\n", l.Name, l.Version, l.Extent, count(len(l.Features), "feature"))
	for _, f := range l.Features {
		id := "-"
		if f.HasID {
			id = fmt.Sprint(f.ID)
		}
		vertices := 0
		for _, part := range f.Parts {
			vertices += len(part)
		}
		fmt.Fprintf(w, "  %s  %s, %s, %s ", id, f.Type, count(len(f.Parts), "part"), countVertices(vertices))
		for _, a := range f.Attrs {
			fmt.Fprintf(w, " %s=%q", a.Key, a.Value)
		}
		fmt.Fprintln(w)
	}
}

func countVertices(n int) string {
	if n == 1 {
		return "1 vertex"
	}
	return comma(n) + " vertices"
}

func showMeta(w io.Writer, m tileset.Meta, asJSON bool) error {
	if asJSON {
		data, err := json.MarshalIndent(m, "", "  ")
		if err != nil {
			return err
		}
		_, err = w.Write(append(data, '\n'))
		return err
	}
	writeMeta(w, m)
	return nil
}
