package naturalearth

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

// edition is a variant, understood.
type edition struct {
	scale string
	view  string
}

// edition reads a variant. Fields that Natural Earth does not know are left
// alone.
func (p *Provider) edition(v shape.Variant) (edition, error) {
	e := edition{scale: cmp.Or(v.Scale, ten), view: v.Worldview}
	if _, known := p.areas[e.scale]; !known {
		return e, fmt.Errorf("natural earth: scale %q: %w; choose 10m, 50m or 110m", v.Scale, source.ErrVariant)
	}
	switch known := slices.ContainsFunc(p.views, func(w view) bool { return w.code == e.view }); {
	case e.view != "" && !known:
		return e, fmt.Errorf("natural earth: worldview %q: %w; there is %s", e.view, source.ErrVariant, strings.Join(p.viewCodes(), ", "))
	case e.view != "" && e.scale != ten:
		return e, fmt.Errorf("natural earth: worldview %q at %s: %w; worldviews are drawn at 10m only", e.view, e.scale, source.ErrVariant)
	}
	return e, nil
}

// viewCodes are the points of view that there are.
func (p *Provider) viewCodes() []string {
	var out []string
	for _, v := range p.views {
		out = append(out, v.code)
	}
	return out
}

// layer is a file of Natural Earth.
type layer struct {
	name  string // "ne_10m_admin_0_countries"
	title string
	bytes int64 // of the zip, about
	keys  []string
}

// layer returns the file that has the level, which is 0 or 1. Points of view
// are drawn of countries only: states and provinces are the same in all.
func (e edition) layer(level uint8) layer {
	if level == 0 {
		l := layer{
			name: "ne_" + e.scale + "_admin_0_countries", title: "countries",
			bytes: map[string]int64{ten: 4_900_000, fifty: 800_000, hundredTen: 215_000}[e.scale],
			keys:  []string{"ADM0_A3", "NAME"},
		}
		if e.view != "" {
			l.name += "_" + e.view
		}
		return l
	}
	l := layer{
		name: "ne_" + e.scale + "_admin_1_states_provinces", title: "states and provinces",
		bytes: map[string]int64{ten: 14_000_000}[e.scale],
		keys:  []string{"adm1_code", "adm0_a3", "name"},
	}
	if e.view != "" {
		l.title += " (the same in every worldview)"
	}
	return l
}

// Plan implements source.Provider: one request for each layer.
func (p *Provider) Plan(v shape.Variant, cells []source.Cell) ([]source.Request, error) {
	offers, err := p.Offers(v)
	if err != nil {
		return nil, err
	}
	e, err := p.edition(v)
	if err != nil {
		return nil, err
	}
	var byLevel [2][]source.Cell
	for _, c := range cells {
		if _, ok := slices.BinarySearchFunc(offers, c, func(o source.Offer, c source.Cell) int { return compareCells(o.Cell, c) }); !ok {
			return nil, fmt.Errorf("natural earth: %s, level %d at %s: %w", c.Country, c.Level, e.scale, source.ErrNotOffered)
		}
		byLevel[c.Level] = append(byLevel[c.Level], c)
	}
	var out []source.Request
	for level, cells := range byLevel {
		if len(cells) > 0 {
			slices.SortFunc(cells, compareCells)
			out = append(out, request(v, e, e.layer(uint8(level)), slices.Compact(cells)))
		}
	}
	return out, nil
}

func request(v shape.Variant, e edition, l layer, cells []source.Cell) source.Request {
	file := l.name + ".zip"
	return source.Request{
		Source:  shape.NaturalEarth,
		Variant: v,
		URL:     "https://naturalearth.s3.amazonaws.com/" + e.scale + "_cultural/" + file,
		Others: []string{
			"https://naciscdn.org/naturalearth/" + e.scale + "/cultural/" + file,
			"https://s3.us-west-2.amazonaws.com/naciscdn.org/naturalearth/" + e.scale + "/cultural/" + file,
		},
		Name:    file,
		Cells:   cells,
		Expect:  source.Expect{Format: source.Zip, Member: l.name + ".shp", Keys: l.keys, Max: 64 << 20},
		License: license(),
		Vintage: vintage,
	}
}

func compareCells(a, b source.Cell) int {
	return cmp.Or(cmp.Compare(a.Country, b.Country), cmp.Compare(a.Level, b.Level))
}
