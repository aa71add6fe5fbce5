package engine

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/shapes-desktop/shapes/core/acquire/ingest"
	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/pipeline/schedule"
	"github.com/shapes-desktop/shapes/resources/sample"
)

// Country is a country that a shape may select.
type Country struct {
	ISO3      string // ISO 3166 alpha-3, or the source's own code where there is none
	Name      string // English
	NameJa    string // Japanese
	Continent string
	Levels    []uint8 // administrative levels that there are of it
}

// countryNames is read once.
type countryNames struct {
	once sync.Once
	all  []Country
	err  error
}

// Countries returns the countries of the bundled world, by English name.
func (e *Engine) Countries(ctx context.Context) ([]Country, error) {
	e.names.once.Do(func() { e.names.all, e.names.err = readCountries(context.WithoutCancel(ctx)) })
	return e.names.all, e.names.err
}

func readCountries(ctx context.Context) ([]Country, error) {
	data, err := io.ReadAll(sample.Gzipped())
	if err != nil {
		return nil, fmt.Errorf("open the bundled sample: %w", err)
	}
	by := map[string]*Country{}
	_, err = ingest.ReadBytes(ctx, sample.FileName, data, ingest.Options{}, func(layer string, f feature.Feature) error {
		iso, level := schedule.Identify(layer, f)
		if iso == "" || level < 0 {
			return nil
		}
		c := by[iso]
		if c == nil {
			c = &Country{ISO3: iso}
			by[iso] = c
		}
		if !slices.Contains(c.Levels, uint8(level)) {
			c.Levels = append(c.Levels, uint8(level))
		}
		if level == 0 && c.Name == "" {
			c.Name, c.NameJa, c.Continent = text(f, "name_en"), text(f, "name_ja"), text(f, "continent")
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	var out []Country
	for _, c := range by {
		slices.Sort(c.Levels)
		c.Name = cmp.Or(c.Name, c.ISO3)
		out = append(out, *c)
	}
	slices.SortFunc(out, func(a, b Country) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.ISO3, b.ISO3))
	})
	return out, nil
}

func text(f feature.Feature, key string) string {
	v, _ := f.Attr(key)
	return v.String()
}
