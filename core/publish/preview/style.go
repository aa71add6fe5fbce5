package preview

import "image/color"

// Language says which of a unit's names a label shows.
type Language string

// The languages of labels. A name that is missing falls back to the English
// one, then to the local one.
const (
	English  Language = "en"
	Japanese Language = "ja"
	Local    Language = "local" // as written in the country itself
)

// Style is the look of a map. Take Light or Dark and change what is needed.
// Its slices and fonts are shared, never written to.
type Style struct {
	Water    color.RGBA
	Land     color.RGBA   // units that belong to no known country
	Pastels  []color.RGBA // of countries; may be empty
	Coast    Stroke
	Borders  []Stroke // by level; deeper levels take the last
	Label    TextStyle
	SubLabel TextStyle // of units below countries
	Credit   TextStyle // of the attribution
	Hover    color.RGBA
	Selected color.RGBA
	Language Language
	Fonts    *Fonts // needed wherever text is drawn
}

// TextStyle is the look of a label.
type TextStyle struct {
	Color color.RGBA
	Halo  color.RGBA
	Size  float64 // points
}

// Stroke is the look of a line.
type Stroke struct {
	Color color.RGBA
	Width Ramp // points, by zoom
	Alpha Ramp // 0 … 1, by zoom
}

// Ramp is a value that changes with the zoom: From at zoom ZoomFrom and below,
// To at ZoomTo and above, linear between.
type Ramp struct{ ZoomFrom, From, ZoomTo, To float64 }

// At returns the value at a zoom.
func (r Ramp) At(zoom float64) float64 {
	if r.ZoomTo <= r.ZoomFrom || zoom <= r.ZoomFrom {
		return r.From
	}
	if zoom >= r.ZoomTo {
		return r.To
	}
	return r.From + (r.To-r.From)*(zoom-r.ZoomFrom)/(r.ZoomTo-r.ZoomFrom)
}

// Light is the day look: soft political colours on pale blue water.
func Light() Style {
	return Style{
		Water: rgb(0xcfdfe9),
		Land:  rgb(0xf2eee3),
		Pastels: []color.RGBA{
			rgb(0xf6ecd0), rgb(0xdfe9cf), rgb(0xf4dccd), rgb(0xe3dded),
			rgb(0xd3e6df), rgb(0xf1d8df), rgb(0xf8f3dc),
		},
		Coast:    Stroke{rgb(0x7f9fb5), Ramp{1, 0.5, 8, 1.2}, Ramp{0, 0.55, 4, 0.95}},
		Borders:  borders(rgb(0x7d6e86), rgb(0xa99db0), rgb(0xbdb3c0)),
		Label:    TextStyle{rgb(0x3c3544), rgba(0xffffff, 0xd8), 13},
		SubLabel: TextStyle{rgb(0x71687a), rgba(0xffffff, 0xc8), 11},
		Credit:   TextStyle{rgb(0x4a5560), rgba(0xffffff, 0xd0), 11},
		Hover:    rgba(0xffffff, 0x70),
		Selected: rgb(0xd9480f),
		Language: English,
	}
}

// Dark is the night look.
func Dark() Style {
	return Style{
		Water: rgb(0x10171d),
		Land:  rgb(0x363c41),
		Pastels: []color.RGBA{
			rgb(0x413e33), rgb(0x354237), rgb(0x463938), rgb(0x3b3a49),
			rgb(0x324345), rgb(0x443843), rgb(0x3e434a),
		},
		Coast:    Stroke{rgb(0x4d6675), Ramp{1, 0.5, 8, 1.2}, Ramp{0, 0.55, 4, 0.95}},
		Borders:  borders(rgb(0xa8a1b6), rgb(0x716b7b), rgb(0x625d6b)),
		Label:    TextStyle{rgb(0xe6e3ea), rgba(0x12191f, 0xd8), 13},
		SubLabel: TextStyle{rgb(0xaaa5b3), rgba(0x12191f, 0xc8), 11},
		Credit:   TextStyle{rgb(0xb6bec6), rgba(0x12191f, 0xd0), 11},
		Hover:    rgba(0xffffff, 0x22),
		Selected: rgb(0xffa94d),
		Language: English,
	}
}

// always is the alpha of lines that do not fade.
func always() Ramp { return Ramp{From: 1} }

// borders makes the strokes of countries, their first division, and the rest.
// Divisions fade in: on a world map they would be a net over the countries.
func borders(country, province, district color.RGBA) []Stroke {
	return []Stroke{
		{country, Ramp{1, 0.7, 8, 2.4}, always()},
		{province, Ramp{2, 0.35, 9, 1.3}, Ramp{1.5, 0.15, 4, 1}},
		{district, Ramp{4, 0.25, 10, 1}, Ramp{4, 0.25, 7, 1}},
	}
}

func (s Style) border(level int) Stroke {
	if len(s.Borders) == 0 {
		return s.Coast
	}
	return s.Borders[min(max(level, 0), len(s.Borders)-1)]
}

// fill is the colour of a unit's ground.
func (s Style) fill(country string) color.RGBA {
	if country == "" || len(s.Pastels) == 0 {
		return s.Land
	}
	return s.Pastels[countryColor(country)%len(s.Pastels)]
}

func rgb(hex uint32) color.RGBA { return rgba(hex, 0xff) }

// rgba makes an alpha-premultiplied colour from one that is not.
func rgba(hex uint32, a uint8) color.RGBA {
	mul := func(c uint32) uint8 { return uint8((c & 0xff) * uint32(a) / 0xff) }
	return color.RGBA{mul(hex >> 16), mul(hex >> 8), mul(hex), a}
}
