// Package naturalearth is the provider of Natural Earth: countries of the
// world at three scales and from several points of view, and their states and
// provinces. It is in the public domain.
package naturalearth

import (
	"fmt"
	"slices"

	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/model/admin"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

const vintage = "5.1"

// The scales of Natural Earth. Ten is the default.
const (
	ten        = "10m"
	fifty      = "50m"
	hundredTen = "110m"
)

// Provider is Natural Earth. It is immutable.
type Provider struct {
	world *admin.Table
	areas map[string][]area // by scale, sorted by code
	views []view            // by code
}

// area is a code of Natural Earth at one scale.
type area struct {
	code    string // ADM0_A3
	country string // of model/admin
	admin1  bool   // it has states or provinces
	units   int    // how many; 0: not known
	// unseen are the views in which it is no country.
	unseen []string
}

// New returns the provider. An error says that its table and that of countries
// do not fit together.
func New(world *admin.Table) (*Provider, error) {
	p := &Provider{world: world, areas: map[string][]area{}}
	for _, read := range []func() error{p.readAreas, p.readViews} {
		if err := read(); err != nil {
			return nil, fmt.Errorf("naturalearth: %w", err)
		}
	}
	return p, nil
}

// Hosts are those that the addresses are at.
func Hosts() []string {
	return []string{"naturalearth.s3.amazonaws.com", "naciscdn.org", "s3.us-west-2.amazonaws.com"}
}

// About implements source.Provider.
func (p *Provider) About() source.About {
	return source.About{
		Source:   shape.NaturalEarth,
		Name:     "Natural Earth",
		Summary:  "Countries of the world, and their states and provinces, drawn for small scales. Free for any use.",
		Homepage: "https://www.naturalearthdata.com/",
		Formats:  []string{"shapefile (zip)"},
		Vintage:  vintage,
		License:  license(),
		Policy:   "Files are shared by all countries: one download serves as many as are wanted.",
		Choices:  []source.Choice{scaleChoice(), p.viewChoice()},
	}
}

func license() source.License {
	return source.License{
		Name:        "Public domain",
		URL:         "https://www.naturalearthdata.com/about/terms-of-use/",
		Text:        "Free for any use, also commercial; may be changed and given to others. No credit is asked for; it is customary to give it.",
		Attribution: `Made with <a href="https://www.naturalearthdata.com/">Natural Earth</a>`,
	}
}

func scaleChoice() source.Choice {
	return source.Choice{Key: "scale", Title: "Scale", Default: ten, Values: []source.ChoiceValue{
		{Value: ten, Title: "1:10 million, states and provinces of the whole world"},
		{Value: fifty, Title: "1:50 million, states and provinces of nine large countries"},
		{Value: hundredTen, Title: "1:110 million, states of the USA only"},
	}}
}

func (p *Provider) viewChoice() source.Choice {
	c := source.Choice{Key: "worldview", Title: "Borders of countries as seen by (1:10 million only)"}
	c.Values = append(c.Values, source.ChoiceValue{Title: "Natural Earth: who is in control"})
	for _, v := range p.views {
		c.Values = append(c.Values, source.ChoiceValue{Value: v.code, Title: v.title})
	}
	return c
}

// Offers implements source.Provider.
func (p *Provider) Offers(v shape.Variant) ([]source.Offer, error) {
	e, err := p.edition(v)
	if err != nil {
		return nil, err
	}
	byCell := map[source.Cell]source.Offer{}
	for _, a := range p.areas[e.scale] {
		if slices.Contains(a.unseen, e.view) {
			continue
		}
		for level, units := range a.levels() {
			c := source.Cell{Country: a.country, Level: uint8(level)}
			o, there := byCell[c] // several areas may be of one country
			if !there {
				o = p.offer(e, c)
				o.Units = units
			} else if o.Units > 0 && units > 0 {
				o.Units += units
			} else {
				o.Units = 0
			}
			byCell[c] = o
		}
	}
	return sortedOffers(byCell), nil
}

// levels returns how many units there are at each level, 0 where that is not
// known.
func (a area) levels() []int {
	if a.admin1 {
		return []int{1, a.units}
	}
	return []int{1}
}

func (p *Provider) offer(e edition, c source.Cell) source.Offer {
	l := e.layer(c.Level)
	return source.Offer{Cell: c, Title: l.title, Vintage: vintage, Bytes: l.bytes, License: license()}
}

func sortedOffers(byCell map[source.Cell]source.Offer) []source.Offer {
	out := make([]source.Offer, 0, len(byCell))
	for _, o := range byCell {
		out = append(out, o)
	}
	slices.SortFunc(out, func(a, b source.Offer) int { return compareCells(a.Cell, b.Cell) })
	return out
}
