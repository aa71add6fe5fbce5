package engine

import (
	"context"
	"fmt"
	"io"
	"slices"
	"sync"

	"github.com/shapes-desktop/shapes/core/acquire/ingest"
	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/model/admin"
	"github.com/shapes-desktop/shapes/core/pipeline/schedule"
	"github.com/shapes-desktop/shapes/resources/sample"
)

// Country is a country that a shape may select.
type Country struct {
	ISO3      string // admin.Country's Code
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

// Countries returns the countries of the bundled world, by English name as the
// table of countries lists them.
func (e *Engine) Countries(ctx context.Context) ([]Country, error) {
	e.names.once.Do(func() { e.names.all, e.names.err = readCountries(context.WithoutCancel(ctx)) })
	return e.names.all, e.names.err
}

// readCountries reads which levels of which countries the sample has. What the
// countries are called is the table's to say, for the sample as for every
// other source. The table is read anew: that of the supply needs the cache,
// and the sample does not.
func readCountries(ctx context.Context) ([]Country, error) {
	world, err := admin.World()
	if err != nil {
		return nil, err
	}
	levels, err := sampleLevels(ctx)
	if err != nil {
		return nil, err
	}
	return listed(world, levels), nil
}

// listed returns the countries of the table of which there are levels.
func listed(world *admin.Table, levels map[string][]uint8) []Country {
	var out []Country
	for _, c := range world.All() {
		if l := levels[c.Code]; l != nil {
			out = append(out, Country{ISO3: c.Code, Name: c.Name, NameJa: c.Japanese, Continent: string(c.Continent), Levels: l})
		}
	}
	return out
}

// sampleLevels returns the levels that the sample has of each country.
func sampleLevels(ctx context.Context) (map[string][]uint8, error) {
	data, err := io.ReadAll(sample.Gzipped())
	if err != nil {
		return nil, fmt.Errorf("open the bundled sample: %w", err)
	}
	levels := map[string][]uint8{}
	_, err = ingest.ReadBytes(ctx, sample.FileName, data, ingest.Options{}, func(layer string, f feature.Feature) error {
		iso, level := schedule.Identify(layer, f)
		if iso != "" && level >= 0 && !slices.Contains(levels[iso], uint8(level)) {
			levels[iso] = append(levels[iso], uint8(level))
		}
		return nil
	})
	for _, l := range levels {
		slices.Sort(l)
	}
	return levels, err
}
