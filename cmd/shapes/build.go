package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/geo/tile"
)

// buildFlags are the flags of build as the user gave them.
type buildFlags struct {
	out, name, attribution, stats string
	layers, attributes            []string
	minZoom, maxZoom              intFlag
	buffer, workers, memory       intFlag
	tolerance, minArea            floatFlag
	small, algorithm              choiceFlag
	quiet                         bool
}

func newBuildFlags() *buildFlags {
	return &buildFlags{
		minZoom:   intFlag{0, 0, tile.MaxZoom},
		maxZoom:   intFlag{-1, 0, tile.MaxZoom},
		buffer:    intFlag{80, 0, 256},
		workers:   intFlag{0, 1, 256},
		memory:    intFlag{0, 64, 1 << 20},
		tolerance: floatFlag{2, 0.01, 64},
		minArea:   floatFlag{0, 0, tile.Extent * tile.Extent},
		small:     choiceFlag{"fit", []string{"fit", "keep", "drop"}},
		algorithm: choiceFlag{"douglas-peucker", []string{"douglas-peucker", "visvalingam"}},
	}
}

func newBuild(s std, eng engineAPI) *cobra.Command {
	f := newBuildFlags()
	c := &cobra.Command{
		Use:   "build [INPUT...] [--layer NAME=FILE]... -o OUT",
		Short: "Make vector tiles from boundary files",
		Long: `build reads boundary files and writes their vector tiles to OUT: a .pmtiles
or .mbtiles file, or a folder of tiles for any other name.

INPUT is a GeoJSON, TopoJSON, zipped shapefile or GeoPackage file, or the word
sample for the bundled countries and provinces (a file of that name is ./sample).
Its layer takes the file's base name; --layer gives it another one.

OUT is replaced only when the build succeeded. A build that fails or is
interrupted leaves no OUT and no temporary file.`,
		Example: `  shapes build sample -o world.pmtiles
  shapes build comuni.geojson.gz -o italy.pmtiles --maxzoom 10 --stats stats.json
  shapes build --layer adm1=regions.zip --layer adm2=towns.gpkg -o tiles/`,
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return []string{engine.Sample}, cobra.ShellCompDirectiveDefault
		},
		RunE: func(c *cobra.Command, args []string) error {
			r, err := f.recipe(args, c.Flags().Changed("attributes"))
			if err != nil {
				return err
			}
			return build(c.Context(), s, eng, r, f)
		},
	}
	f.register(c)
	return c
}

func (f *buildFlags) register(c *cobra.Command) {
	fs := c.Flags()
	fs.SortFlags = false
	fs.StringVarP(&f.out, "output", "o", "", "`OUT`.pmtiles, OUT.mbtiles or a folder (required)")
	fs.StringArrayVar(&f.layers, "layer", nil, "an input with the name of its layer, as `NAME=FILE`; may be repeated")
	fs.Var(&f.minZoom, "minzoom", "first zoom, 0 to 18")
	fs.Var(&f.maxZoom, "maxzoom", "last zoom, 0 to 18 (default: as deep as the data's resolution carries)")
	fs.Lookup("maxzoom").DefValue = "0" // keeps cobra from showing the -1 that means "not given"
	fs.Var(&f.tolerance, "tolerance", "largest deviation of a simplified border, in tile units (1/4096 tile), 0.01 to 64")
	fs.Var(&f.buffer, "buffer", "margin around each tile, in tile units, 0 to 256")
	fs.Var(&f.workers, "workers", "parallel workers, 1 to 256 (default: one per core)")
	fs.Lookup("workers").DefValue = "0"
	fs.Var(&f.memory, "memory", "memory to aim for, in MB, 64 to 1048576 (default: a quarter of the machine's)")
	fs.Lookup("memory").DefValue = "0"
	fs.StringSliceVar(&f.attributes, "attributes", nil, "attributes to keep, as `a,b`; '' keeps none (default: all)")
	f.small.addTo(c, "small", "units too small for the grid: fit (to a visible shape), keep (as they fall), drop (and count)")
	fs.Var(&f.minArea, "min-area", "with --small drop: least area kept, in square tile units, 0 to 16777216")
	fs.StringVar(&f.name, "name", "", "`NAME` of the tileset (default: the names of the inputs)")
	fs.StringVar(&f.attribution, "attribution", "", "credit of the data, `HTML`; the sample brings its own")
	f.algorithm.addTo(c, "algorithm", "what gives a vertex its weight")
	fs.StringVar(&f.stats, "stats", "", "write what was done to `FILE` as JSON")
	fs.BoolVar(&f.quiet, "quiet", false, "no progress and no summary")
}

// recipe turns flags and arguments into the engine's recipe, or says what does
// not fit together.
func (f *buildFlags) recipe(args []string, attributesGiven bool) (engine.Recipe, error) {
	inputs, err := f.inputs(args)
	if err != nil {
		return engine.Recipe{}, err
	}
	if err := f.check(inputs); err != nil {
		return engine.Recipe{}, err
	}
	r := engine.Recipe{
		Inputs: inputs, Out: f.out, Name: f.name, Attribution: f.attribution,
		MinZoom: f.minZoom.value, MaxZoom: f.maxZoom.value,
		Tolerance: f.tolerance.value, Buffer: f.buffer.value,
		Workers: f.workers.value, MemoryMB: f.memory.value,
		Algorithm: f.algorithm.value, Small: f.small.value, MinArea: f.minArea.value,
	}
	if r.Buffer == 0 {
		r.Buffer = -1 // the engine takes 0 for "not said"
	}
	if attributesGiven {
		r.Attributes = append([]string{}, f.attributes...) // empty, not nil: keep none
	}
	return r, nil
}

func (f *buildFlags) inputs(args []string) ([]engine.Input, error) {
	var in []engine.Input
	for _, a := range args {
		if a == "" {
			return nil, usagef("an INPUT is empty: give a file or the word sample")
		}
		in = append(in, engine.Input{Path: a})
	}
	for _, l := range f.layers {
		name, file, ok := strings.Cut(l, "=")
		if !ok || name == "" || file == "" {
			return nil, usagef("--layer %q: must be NAME=FILE, both not empty", l)
		}
		in = append(in, engine.Input{Layer: name, Path: file})
	}
	if len(in) == 0 {
		return nil, usagef("build needs an INPUT: a file, --layer NAME=FILE, or the word sample")
	}
	return in, nil
}

// dataExtensions are those of files that a folder of tiles is never meant to be.
func dataExtensions() []string {
	return []string{
		".json", ".geojson", ".topojson", ".gz", ".zip", ".shp", ".dbf", ".gpkg", ".fgb", ".kml",
		".png", ".mvt", ".pbf", ".db", ".sqlite",
	}
}

// check refuses combinations that each flag alone cannot see.
func (f *buildFlags) check(inputs []engine.Input) error {
	switch ext := strings.ToLower(filepath.Ext(filepath.Clean(f.out))); {
	case f.out == "":
		return usagef("build needs -o OUT: a .pmtiles or .mbtiles file, or a folder")
	case slices.Contains(dataExtensions(), ext):
		return usagef("--output %s: cannot write %s; must end in .pmtiles or .mbtiles, or be a folder", f.out, ext)
	case (ext == ".pmtiles" || ext == ".mbtiles") && os.IsPathSeparator(f.out[len(f.out)-1]):
		return usagef("--output %s: a folder must not end in %s; leave out the last slash to write a file", f.out, ext)
	case f.maxZoom.value >= 0 && f.maxZoom.value < f.minZoom.value:
		return usagef("--maxzoom %d: must be from --minzoom (%d) to %d", f.maxZoom.value, f.minZoom.value, tile.MaxZoom)
	case f.minArea.value > 0 && f.small.value != "drop":
		return usagef("--min-area: works with --small drop only")
	case slices.Contains(f.attributes, ""):
		return usagef("--attributes %q: a name is empty", strings.Join(f.attributes, ","))
	}
	for _, in := range inputs {
		if samePath(in.Path, f.out) {
			return usagef("--output %s: is an input as well; nothing was written", f.out)
		}
		if f.stats != "" && samePath(in.Path, f.stats) {
			return usagef("--stats %s: is an input as well; nothing was written", f.stats)
		}
	}
	if f.stats != "" && samePath(f.stats, f.out) {
		return usagef("--stats %s: is the output as well; nothing was written", f.stats)
	}
	return nil
}

// samePath reports whether two names are of one file, also by way of a link.
func samePath(a, b string) bool {
	if a == engine.Sample {
		return false
	}
	if filepath.Clean(a) == filepath.Clean(b) {
		return true
	}
	infoA, errA := os.Stat(a)
	infoB, errB := os.Stat(b)
	return errA == nil && errB == nil && os.SameFile(infoA, infoB)
}

func build(ctx context.Context, s std, eng engineAPI, r engine.Recipe, f *buildFlags) error {
	report, err := createStats(f.stats)
	if err != nil {
		return fmt.Errorf("%w; %s", err, untouched(r.Out))
	}
	defer report.abort()
	show := newProgress(s, f.quiet)
	stats, err := eng.Build(ctx, r, show.update)
	show.close(err == nil)
	if err != nil {
		return fmt.Errorf("%w; %s", err, untouched(r.Out))
	}
	if !f.quiet {
		writeSummary(s.out, r, stats)
	}
	return report.write(stats, r.Out)
}

// untouched says what a build that failed left of its output.
func untouched(out string) string {
	if _, err := os.Lstat(out); err == nil {
		return out + " is as it was before"
	}
	return "nothing was written"
}
