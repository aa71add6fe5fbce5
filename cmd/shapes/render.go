package main

import (
	"fmt"
	"image/png"
	"io"
	"math"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/shapes-desktop/shapes/core/publish/preview"
	"github.com/shapes-desktop/shapes/core/store/atomicfile"
	"github.com/shapes-desktop/shapes/core/store/tileset"
)

// renderFlags are the flags of render as the user gave them.
type renderFlags struct {
	out    string
	center positionFlag
	zoom   floatFlag
	size   sizeFlag
	theme  choiceFlag
	lang   choiceFlag
}

func newRender(s std, g *global, eng engineAPI) *cobra.Command {
	f := &renderFlags{
		zoom:  floatFlag{0, 0, preview.MaxZoom},
		size:  sizeFlag{1280, 800},
		theme: choiceFlag{"light", []string{"light", "dark"}},
		lang:  choiceFlag{"en", []string{"en", "ja", "local"}},
	}
	c := &cobra.Command{
		Use:   "render IN -o MAP.png",
		Short: "Draw a map of tiles as a PNG picture",
		Long: `render draws the map that the window would show. IN is a .pmtiles or .mbtiles
file, a folder of tiles, or with --data-dir the id or name of a node. Without
--center and --zoom the map shows what the tiles name as their centre.`,
		Example: `  shapes render world.pmtiles --center 12.5,42 --zoom 5.5 --size 1280x800 -o italy.png
  shapes render italy.mbtiles --theme dark --lang local -o italy.png`,
		Args: exactly("IN"),
		RunE: func(c *cobra.Command, args []string) error {
			if f.out == "" || !strings.EqualFold(filepath.Ext(f.out), ".png") {
				return usagef("render needs -o MAP.png: a file that ends in .png")
			}
			return render(c, s, g, eng, args[0], f)
		},
	}
	fs := c.Flags()
	fs.SortFlags = false
	fs.StringVarP(&f.out, "output", "o", "", "`MAP.png` to write (required)")
	fs.Var(&f.center, "center", "middle of the map in degrees (default: the tiles' own)")
	fs.Var(&f.zoom, "zoom", "zoom, 0 to 20, may have a fraction (default: the tiles' own)")
	fs.Var(&f.size, "size", "width and height in pixels")
	f.theme.addTo(c, "theme", "look of the map")
	f.lang.addTo(c, "lang", "language of the names")
	return c
}

func render(c *cobra.Command, s std, g *global, eng engineAPI, in string, f *renderFlags) error {
	ctx := c.Context()
	out, err := atomicfile.Create(f.out) // a place that cannot be written is known before the work
	if err != nil {
		return err
	}
	defer out.Abort()
	tiles, err := openTiles(ctx, g, eng, in)
	if err != nil {
		return err
	}
	defer tiles.Close()
	zoomGiven := c.Flags().Changed("zoom")
	p := f.picture(tiles.Meta(), zoomGiven)
	img, err := eng.Draw(ctx, tiles, p)
	if err != nil {
		return fmt.Errorf("draw %s: %w; %s", in, err, untouched(f.out))
	}
	if err := png.Encode(out, img); err != nil {
		return fmt.Errorf("%w; %s", atomicfile.Explain("write "+f.out, err), untouched(f.out))
	}
	if err := out.Commit(); err != nil {
		return fmt.Errorf("%w; %s", err, untouched(f.out))
	}
	f.tellMoved(s.err, p.view, zoomGiven)
	fmt.Fprintf(s.out, "%s  %dx%d  #%.2f/%.4f/%.4f\n", f.out, f.size.width, f.size.height, p.view.Zoom, p.view.Lat, p.view.Lon)
	return nil
}

// tellMoved says so where the map could not be where it was asked to be: it
// shows no ground beyond the world's north and south edge.
func (f *renderFlags) tellMoved(w io.Writer, v preview.Viewport, zoomGiven bool) {
	const seen = 1e-3
	moved := f.center.set && math.Abs(v.Lat-f.center.lat) > seen
	if moved || zoomGiven && v.Zoom != f.zoom.value {
		fmt.Fprintf(w, "note: moved to #%.2f/%.4f/%.4f, since the world has no ground north or south of its edge to fill the picture\n",
			v.Zoom, v.Lat, v.Lon)
	}
}

// picture fills what the user left open from what the tiles say of themselves.
func (f *renderFlags) picture(m tileset.Meta, zoomGiven bool) picture {
	v := preview.Viewport{
		Lon: m.Center[0], Lat: m.Center[1], Zoom: m.Center[2],
		Width: float64(f.size.width), Height: float64(f.size.height),
	}
	if f.center.set {
		v.Lon, v.Lat = f.center.lon, f.center.lat
	}
	if zoomGiven {
		v.Zoom = f.zoom.value
	}
	return picture{view: v.Clamp(), theme: f.theme.value, lang: preview.Language(f.lang.value)}
}
