package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/store/atomicfile"
)

// featureFlags say which features are wanted, and where they go.
type featureFlags struct {
	box     boxFlag
	centred bool
	country string
	level   intFlag
	limit   intFlag
	geojson string
	force   bool
	asJSON  bool
}

func newSessionFeatures(v env) *cobra.Command {
	f := &featureFlags{level: intFlag{0, -1, 5}, limit: intFlag{0, 0, 1e9}}
	c := &cobra.Command{
		Use:   "features ID",
		Short: "Show the features that a run has read and simplified",
		Long: `features lists the features of a run that is paused or has failed, or that has
completed and keeps its intermediates (setting keepIntermediates): where they lie,
what they measure, and how true they are to their source. Quality is 1 less the
share of the source's area by which a simplified feature differs.

--json writes an array of: id (number in the run), tile_id, name, country, level,
type, bbox, centroid, area_km2, perimeter_km, complexity (vertices for each km of
border, as read and kept), simplified, and then quality, source_complexity,
geometry_bytes, compression, place (in the source, from 0); buffer, queries, queried.`,
		Example: `  shapes session features Europe/Italy --bbox 11,43,12,44
  shapes session features Europe/Italy --country ITA --level 1 --geojson italy.geojson`,
		Args: exactly("ID"),
		RunE: func(c *cobra.Command, args []string) error {
			q, err := f.query(c)
			if err != nil {
				return err
			}
			return v.withEngine(c, mustExist, func(ctx context.Context, e *engine.Engine) error {
				return v.features(ctx, e, args[0], q, f)
			})
		},
	}
	fs := c.Flags()
	fs.SortFlags = false
	fs.Var(&f.box, "bbox", "those whose bounds meet the box, in degrees; a west greater than the east goes across the antimeridian")
	fs.BoolVar(&f.centred, "centroid", false, "with --bbox: those whose centroid lies in the box")
	fs.StringVar(&f.country, "country", "", "those of a country, as `ISO3` (ITA)")
	fs.Var(&f.level, "level", "those of an administrative level, -1 for not known")
	fs.Var(&f.limit, "limit", "the most to show, 0 for all")
	fs.StringVar(&f.geojson, "geojson", "", "write geometry and attributes to `OUT`, as GeoJSON")
	fs.BoolVar(&f.force, "force", false, "replace OUT if it is there")
	fs.BoolVar(&f.asJSON, "json", false, "write JSON")
	return c
}

// query is what the flags ask for.
func (f *featureFlags) query(c *cobra.Command) (engine.FeatureQuery, error) {
	q := engine.FeatureQuery{Centred: f.centred, Country: strings.ToUpper(f.country), Limit: f.limit.value}
	if f.box.set {
		q.Box = &f.box.box
	}
	if c.Flags().Changed("level") {
		q.Level = &f.level.value
	}
	switch {
	case f.centred && !f.box.set:
		return q, usagef("--centroid: works with --bbox only")
	case f.country != "" && len(f.country) != 3:
		return q, usagef("--country %q: must be three letters of ISO 3166, such as ITA", f.country)
	case f.geojson == "" && f.force:
		return q, usagef("--force: works with --geojson only")
	case f.geojson != "" && exists(f.geojson) && !f.force:
		return q, fmt.Errorf("features: %s is there already; it was not touched (--force replaces it)", f.geojson)
	}
	return q, nil
}

func (v env) features(ctx context.Context, e *engine.Engine, ref string, q engine.FeatureQuery, f *featureFlags) error {
	in, err := e.Inspect(ctx, ref)
	if err != nil {
		return err
	}
	all, err := in.Features(ctx, q)
	if err != nil {
		return err
	}
	if f.geojson != "" {
		if err := writeFeatures(ctx, in, f.geojson, all); err != nil {
			return fmt.Errorf("%w; %s", err, untouched(f.geojson))
		}
	}
	switch {
	case f.asJSON:
		out := make([]featureJSON, 0, len(all))
		for _, x := range all {
			out = append(out, featureOf(x))
		}
		return writeJSON(v.s.out, out)
	case f.geojson != "":
		v.wrote(f.geojson, all)
		return nil
	case len(all) == 0:
		_, err := fmt.Fprintln(v.s.out, "no feature of the run is so")
		return err
	}
	v.featureTable(all)
	return nil
}

// writeFeatures writes a file that appears whole or not at all.
func writeFeatures(ctx context.Context, in *engine.Inspection, path string, all []engine.Feature) (err error) {
	file, err := atomicfile.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Abort()) }()
	if err := in.WriteGeoJSON(ctx, file, all); err != nil {
		return err
	}
	return file.Commit()
}

// wrote tells what is in a file, and what is not.
func (v env) wrote(path string, all []engine.Feature) {
	made := 0
	for _, x := range all {
		if x.Made {
			made++
		}
	}
	fmt.Fprintf(v.s.out, "wrote %s to %s\n", count(made, "feature"), path)
	if left := len(all) - made; left > 0 {
		fmt.Fprintf(v.s.err, "note: left out %s that the run has not simplified yet; resume it to have all\n", count(left, "feature"))
	}
}

func (v env) featureTable(all []engine.Feature) {
	t := table{elastic: 1, right: map[int]bool{0: true, 3: true, 4: true, 5: true, 6: true, 7: true}}
	t.row("ID", "NAME", "COUNTRY", "LEVEL", "KM²", "KM", "VERTICES/KM", "QUALITY", "CENTROID")
	for _, x := range all {
		level, quality := "", ""
		if x.Level >= 0 {
			level = strconv.Itoa(x.Level)
		}
		if x.Made {
			quality = strconv.FormatFloat(x.Quality, 'f', 6, 64)
		}
		t.row(strconv.FormatUint(x.ID, 10), x.Name, x.Country, level, figure(x.Area), figure(x.Perimeter), figure(x.Complexity), quality,
			fmt.Sprintf("%.4f,%.4f", x.Centroid[0], x.Centroid[1]))
	}
	t.write(v.s.out, v.s.columns())
}

// figure writes a measure with three digits or more.
func figure(x float64) string {
	switch {
	case x >= 100:
		return comma(int(x + 0.5))
	case x >= 1:
		return strconv.FormatFloat(x, 'f', 2, 64)
	}
	return strconv.FormatFloat(x, 'g', 3, 64)
}

// boxFlag is a box in degrees.
type boxFlag struct {
	box [4]float64 // west, south, east, north
	set bool
}

func (f *boxFlag) Set(s string) error {
	bad := errors.New("must be W,S,E,N in degrees: longitudes from -180 to 180, latitudes from -90 to 90, the south first")
	parts := strings.Split(s, ",")
	if len(parts) != 4 {
		return bad
	}
	for i, p := range parts {
		x, err := strconv.ParseFloat(strings.TrimSpace(p), 64)
		if limit := []float64{180, 90}[i%2]; err != nil || !(-limit <= x && x <= limit) {
			return bad
		}
		f.box[i] = x
	}
	if f.box[1] > f.box[3] {
		return bad
	}
	f.set = true
	return nil
}

func (f *boxFlag) String() string {
	if !f.set {
		return ""
	}
	return number(f.box[0]) + "," + number(f.box[1]) + "," + number(f.box[2]) + "," + number(f.box[3])
}

func (f *boxFlag) Type() string { return "W,S,E,N" }
