package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/admin"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

// sourceNames are the sources that are fetched.
func sourceNames() []string {
	return []string{string(shape.NaturalEarth), string(shape.GeoBoundaries), string(shape.GADM), string(shape.OpenStreetMap)}
}

// variantFlags choose the edition of a source.
type variantFlags struct{ given []string }

func (f *variantFlags) register(c *cobra.Command) {
	c.Flags().StringArrayVar(&f.given, "variant", nil, "edition of the source, as `KEY=VALUE`, such as scale=50m; may be repeated (shapes sources SOURCE lists them)")
}

// variantKeys are the names of choices, in the order in which they are told.
func variantKeys() []string { return []string{"scale", "worldview", "release", "detail"} }

// apply sets what was given.
func (f *variantFlags) apply(v *shape.Variant) error {
	for _, text := range f.given {
		key, value, ok := strings.Cut(text, "=")
		if !ok || !v.Set(key, value) {
			return usagef("--variant %q: must be scale=…, worldview=…, release=… or detail=…", text)
		}
	}
	return nil
}

func newSources(v env) *cobra.Command {
	var asJSON, refresh bool
	var variant variantFlags
	c := &cobra.Command{
		Use:   "sources [SOURCE [COUNTRY...]]",
		Short: "List where boundaries come from, and what there is",
		Long: `sources lists the sources. With SOURCE it lists what it has: countries, levels,
vintage, units, size, licence; and then its licences, variants and rules. COUNTRY is
a name or code; without one, all. Without --refresh it asks no server.

Levels that are at hand already, to be used without a network, are marked with *.

--json writes what it lists, with texts of licences and attributions.`,
		Example: `  shapes sources
  shapes sources geoboundaries japan
  shapes sources naturalearth --variant scale=50m`,
		RunE: func(c *cobra.Command, args []string) error {
			if refresh && len(args) == 0 {
				return usagef("--refresh needs a SOURCE")
			}
			if len(args) > 0 && !slices.Contains(sourceNames(), args[0]) {
				return usagef("%q is no source that is fetched; there are %s", args[0], strings.Join(sourceNames(), ", "))
			}
			var chosen shape.Variant
			if err := variant.apply(&chosen); err != nil {
				return err
			}
			tables, err := engine.OpenCatalogue()
			if err != nil {
				return err
			}
			if len(args) == 0 {
				return v.listSources(tables.Sources(), asJSON)
			}
			m, err := v.offers(c, tables, shape.Source(args[0]), chosen, refresh)
			if err != nil {
				return err
			}
			var nothing []string
			if m.Rows, nothing, err = someRows(tables, m.Rows, args[1:]); err != nil {
				return err
			}
			if len(nothing) > 0 && len(m.Rows) > 0 {
				fmt.Fprintf(v.s.err, "note: %s has nothing of %s\n", m.About.Name, strings.Join(nothing, ", "))
			}
			if asJSON {
				return writeJSON(v.s.out, offersOf(m))
			}
			v.listOffers(m)
			return nil
		},
	}
	variant.register(c)
	c.Flags().BoolVar(&refresh, "refresh", false, "ask the source what it has now (geoBoundaries), and keep that")
	c.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return c
}

// refresh asks a source what it has now.
func (v env) refresh(ctx context.Context, e *engine.Engine, s shape.Source, variant shape.Variant) error {
	table, err := e.Live(ctx, s, variant)
	if errors.Is(err, engine.ErrUsage) {
		return usageOf(err)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(v.s.err, "%s of %s\n", count(table.Layers, "layer"), table.Date)
	for _, r := range table.Refused {
		fmt.Fprintln(v.s.err, "note: left out: "+oneLine(r))
	}
	return nil
}

// offers returns what a source has, with marks where there is a data directory
// that can be looked into: it need not be there to see what there is.
func (v env) offers(c *cobra.Command, t engine.Catalogue, s shape.Source, chosen shape.Variant, refresh bool) (m engine.Matrix, err error) {
	if refresh || v.g.named || isFolder(v.g.dataDir) == nil {
		err = v.withEngine(c, refresh, func(ctx context.Context, e *engine.Engine) (err error) {
			if refresh {
				if err := v.refresh(ctx, e, s, chosen); err != nil {
					return err
				}
			}
			m, err = e.Offers(ctx, s, chosen)
			return usageOf(err)
		})
		if refresh || !errors.Is(err, engine.ErrBusy) {
			return m, err
		}
		fmt.Fprintln(v.s.err, "note: what is at hand is not marked: "+oneLine(err.Error()))
	}
	m, err = t.Offers(s, chosen)
	return m, usageOf(err)
}

// usageOf makes an error of usage of one that says that there is no such thing
// to be had: nothing was begun.
func usageOf(err error) error {
	if errors.Is(err, source.ErrNotOffered) || errors.Is(err, source.ErrVariant) || errors.Is(err, engine.ErrUsage) {
		return usagef("%w", err)
	}
	return err
}

// someRows keeps the rows of the countries that the queries find, and names the
// queries that find none.
func someRows(t engine.Catalogue, rows []engine.MatrixRow, queries []string) (some []engine.MatrixRow, nothing []string, err error) {
	if len(queries) == 0 {
		return rows, nil, nil
	}
	wanted := map[string]bool{}
	for _, q := range queries {
		places := t.Places(q)
		if len(places) == 0 {
			return nil, nil, usagef("no country is called %q%s (shapes countries lists them)", q, meant(t, q))
		}
		if isCode(places[0], q) { // not those as well that have it in a name
			places = places[:1]
		}
		found := false
		for _, p := range places {
			wanted[p.Code] = true
			found = found || slices.ContainsFunc(rows, func(r engine.MatrixRow) bool { return r.Country.Code == p.Code })
		}
		if !found {
			nothing = append(nothing, fmt.Sprintf("%s (%s)", places[0].Name, places[0].Code))
		}
	}
	return slices.DeleteFunc(slices.Clone(rows), func(r engine.MatrixRow) bool { return !wanted[r.Country.Code] }), nothing, nil
}

// isCode reports whether q is a code of the country.
func isCode(c admin.Country, q string) bool {
	return slices.ContainsFunc([]string{c.Code, c.ISO2, c.ISO3, c.Numeric, c.NaturalEarth, c.GeoBoundaries, c.GADM, c.OSM},
		func(code string) bool { return code != "" && strings.EqualFold(code, q) })
}
