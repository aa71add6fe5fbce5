package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/admin"
)

type countryJSON struct {
	Code      string            `json:"code"`
	ISO3      string            `json:"iso_a3,omitempty"`
	ISO2      string            `json:"iso_a2,omitempty"`
	Numeric   string            `json:"iso_n3,omitempty"`
	Name      string            `json:"name"`
	Local     string            `json:"name_local,omitempty"`
	Japanese  string            `json:"name_ja,omitempty"`
	Aliases   []string          `json:"aliases,omitempty"`
	Continent string            `json:"continent"`
	Codes     map[string]string `json:"codes"` // by source
}

func newCountries(v env) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "countries [QUERY...]",
		Short: "Find countries and their codes",
		Long: `countries lists countries with the code by which the other commands know them. QUERY
is a part of a name in English, Japanese or the country's own language, an alias,
or a code of ISO 3166 or of a source. NE, GB, GADM and OSM are the codes that the
sources have for it; empty: the source knows no such country.`,
		Example: `  shapes countries ivory
  shapes countries 日本
  shapes countries XKO`,
		RunE: func(_ *cobra.Command, args []string) error {
			tables, err := engine.OpenCatalogue()
			if err != nil {
				return err
			}
			query := strings.Join(args, " ")
			all := tables.Places(query)
			if len(all) == 0 && !asJSON {
				_, err := fmt.Fprintf(v.s.out, "no country is called that%s (shapes countries lists all)\n", meant(tables, query))
				return err
			}
			return v.countries(all, asJSON)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return c
}

// meant asks whether countries were meant whose names are almost the query.
func meant(t engine.Catalogue, query string) string {
	var names []string
	for _, c := range t.Near(query) {
		names = append(names, fmt.Sprintf("%s (%s)", c.Name, c.Code))
	}
	if len(names) == 0 {
		return ""
	}
	return "; did you mean " + strings.Join(names, ", ") + "?"
}

func (v env) countries(all []admin.Country, asJSON bool) error {
	if asJSON {
		out := make([]countryJSON, 0, len(all))
		for _, c := range all {
			out = append(out, countryJSON{
				c.Code, c.ISO3, c.ISO2, c.Numeric, c.Name, c.Local, c.Japanese, c.Aliases, string(c.Continent),
				map[string]string{"naturalearth": c.NaturalEarth, "geoboundaries": c.GeoBoundaries, "gadm": c.GADM, "osm": c.OSM},
			})
		}
		return writeJSON(v.s.out, out)
	}
	t := table{elastic: 3, more: []int{4, 2, 5}}
	t.row("CODE", "ISO2", "NAME", "LOCAL", "JAPANESE", "CONTINENT", "NE", "GB", "GADM", "OSM")
	for _, c := range all {
		t.row(c.Code, c.ISO2, c.Name, c.Local, c.Japanese, string(c.Continent), c.NaturalEarth, c.GeoBoundaries, c.GADM, c.OSM)
	}
	t.write(v.s.out, v.s.columns())
	return nil
}
