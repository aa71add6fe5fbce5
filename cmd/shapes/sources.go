package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/engine"
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
vintage, units, size, licence. COUNTRY is a name or code; without one, all.

Levels that are at hand already are marked with *.

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
			return v.withEngine(c, mayMake, func(ctx context.Context, e *engine.Engine) error {
				if len(args) == 0 {
					return v.listSources(e, asJSON)
				}
				if refresh {
					if err := v.refresh(ctx, e, shape.Source(args[0]), chosen); err != nil {
						return err
					}
				}
				m, err := e.Offers(ctx, shape.Source(args[0]), chosen)
				if err != nil {
					return usageOf(err)
				}
				if m.Rows, err = someRows(e, m.Rows, args[1:]); err != nil {
					return err
				}
				return v.listOffers(m, asJSON)
			})
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

// usageOf makes what cannot be asked for an error of usage.
func usageOf(err error) error { return usagef("%w", err) }

// someRows keeps the rows of the countries that the queries find.
func someRows(e *engine.Engine, rows []engine.MatrixRow, queries []string) ([]engine.MatrixRow, error) {
	if len(queries) == 0 {
		return rows, nil
	}
	wanted := map[string]bool{}
	for _, q := range queries {
		places, err := e.Places(q)
		if err != nil {
			return nil, err
		}
		if len(places) == 0 {
			return nil, fmt.Errorf("no country is called %q (shapes countries lists them)", q)
		}
		for _, p := range places {
			wanted[p.Code] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(rows), func(r engine.MatrixRow) bool { return !wanted[r.Country.Code] }), nil
}

type sourceJSON struct {
	Source      string       `json:"source"`
	Name        string       `json:"name"`
	Summary     string       `json:"summary"`
	Homepage    string       `json:"homepage"`
	Vintage     string       `json:"vintage,omitempty"`
	Formats     []string     `json:"formats"`
	Licence     licenceJSON  `json:"licence"`
	Policy      string       `json:"policy,omitempty"`
	Choices     []choiceJSON `json:"variants,omitempty"`
	Attribution string       `json:"attribution,omitempty"`
}

type licenceJSON struct {
	Name          string `json:"name"`
	Original      string `json:"original,omitempty"`
	URL           string `json:"url,omitempty"`
	Text          string `json:"text,omitempty"`
	Attribution   string `json:"attribution,omitempty"`
	ShareAlike    bool   `json:"share_alike,omitempty"`
	NoSharing     bool   `json:"no_sharing,omitempty"`
	NonCommercial bool   `json:"non_commercial,omitempty"`
	Consent       bool   `json:"consent,omitempty"` // to be accepted before anything is fetched
}

type choiceJSON struct {
	Key     string   `json:"key"`
	Default string   `json:"default"`
	Values  []string `json:"values"`
}

func licenceOf(l source.License) licenceJSON {
	return licenceJSON{l.Name, l.Original, l.URL, l.Text, l.Attribution, l.ShareAlike, l.NoSharing, l.NonCommercial, l.Consent}
}

func (v env) listSources(e *engine.Engine, asJSON bool) error {
	all, err := e.Sources()
	if err != nil {
		return err
	}
	if asJSON {
		var out []sourceJSON
		for _, a := range all {
			s := sourceJSON{
				Source: string(a.Source), Name: a.Name, Summary: a.Summary, Homepage: a.Homepage, Vintage: a.Vintage,
				Formats: a.Formats, Licence: licenceOf(a.License), Policy: a.Policy,
			}
			for _, c := range a.Choices {
				s.Choices = append(s.Choices, choiceJSON{c.Key, c.Default, valuesOf(c)})
			}
			out = append(out, s)
		}
		return writeJSON(v.s.out, out)
	}
	t := table{elastic: 2}
	t.row("SOURCE", "LICENCE", "WHAT", "VARIANTS")
	for _, a := range all {
		var keys []string
		for _, c := range a.Choices {
			values := valuesOf(c)
			if len(values) > 4 {
				values = append(values[:4], "…")
			}
			keys = append(keys, c.Key+"="+strings.Join(values, "|"))
		}
		t.row(string(a.Source), a.License.Name, a.Summary, strings.Join(keys, " "))
	}
	t.write(v.s.out, v.s.columns())
	return nil
}

func valuesOf(c source.Choice) []string {
	var out []string
	for _, value := range c.Values {
		out = append(out, value.Value)
	}
	return out
}

type offerJSON struct {
	Country string      `json:"country"`
	Name    string      `json:"name"`
	Level   uint8       `json:"level"`
	Title   string      `json:"title,omitempty"`
	Vintage string      `json:"vintage,omitempty"`
	Units   int         `json:"units,omitempty"`
	Bytes   int64       `json:"bytes,omitempty"`
	Cached  bool        `json:"cached,omitempty"`
	Licence licenceJSON `json:"licence"`
	Sources []string    `json:"sources,omitempty"`
}

func (v env) listOffers(m engine.Matrix, asJSON bool) error {
	if asJSON {
		out := []offerJSON{}
		for _, r := range m.Rows {
			for _, o := range r.Cells {
				out = append(out, offerJSON{
					r.Country.Code, r.Country.Name, o.Level, o.Title, o.Vintage, o.Units, o.Bytes, o.Cached, licenceOf(o.License), o.Sources,
				})
			}
		}
		return writeJSON(v.s.out, out)
	}
	if len(m.Rows) == 0 {
		_, err := fmt.Fprintf(v.s.out, "%s has nothing of it\n", m.About.Name)
		return err
	}
	t := table{elastic: 1, right: map[int]bool{4: true, 5: true}}
	t.row("CELL", "COUNTRY", "LEVEL", "VINTAGE", "UNITS", "SIZE", "LICENCE")
	cells, licences := 0, map[string]int{}
	for _, r := range m.Rows {
		for _, o := range r.Cells {
			mark := ""
			if o.Cached {
				mark = "*"
			}
			t.row(fmt.Sprintf("%s:%d%s", r.Country.Code, o.Level, mark), r.Country.Name, o.Title, o.Vintage, amount(int64(o.Units)), size(o.Bytes), o.License.Name)
			cells++
			licences[o.License.Name]++
		}
	}
	t.write(v.s.out, v.s.columns())
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(licences)) {
		parts = append(parts, fmt.Sprintf("%s (%d)", name, licences[name]))
	}
	_, err := fmt.Fprintf(v.s.out, "%s of %s: %s\n", count(cells, "level"), count(len(m.Rows), "country"), strings.Join(parts, ", "))
	return err
}

// amount is a number, "" if it is 0.
func amount(n int64) string {
	if n == 0 {
		return ""
	}
	return humanize.Comma(n)
}

// size is a number of bytes, "" if it is 0.
func size(n int64) string {
	if n == 0 {
		return ""
	}
	return humanize.Bytes(uint64(n))
}
