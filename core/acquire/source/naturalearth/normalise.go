package naturalearth

import (
	"strings"

	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/model/admin"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

// Normalise implements source.Provider. Which layer a feature is of is told by
// its attributes: only states and provinces have adm1_code.
func (p *Provider) Normalise(_ *source.Request, _ string, f *feature.Feature) (source.Unit, bool) {
	if _, ok := source.Attr(f, "adm1_code"); ok {
		return p.province(f)
	}
	return p.countryUnit(f)
}

func (p *Provider) countryUnit(f *feature.Feature) (source.Unit, bool) {
	u, ok := p.unit(f, 0)
	if !ok {
		return source.Unit{}, false
	}
	u.Code = u.Adm0A3
	u.Name = text(f, "NAME_LONG", "ADMIN", "NAME", "NAME_EN")
	u.NameEn = text(f, "NAME_EN", "ADMIN", "NAME_LONG", "NAME")
	u.TypeEn = text(f, "TYPE")
	u.Disputed = u.TypeEn == "Disputed" || u.TypeEn == "Indeterminate" ||
		strings.Contains(strings.ToLower(text(f, "NOTE_BRK")), "claimed by")
	return u, true
}

func (p *Provider) province(f *feature.Feature) (source.Unit, bool) {
	u, ok := p.unit(f, 1)
	if !ok {
		return source.Unit{}, false
	}
	// adm1_code is the only key that no two units share, even where its number is
	// not known ("SOL+00?"). iso_3166_2 is not.
	if u.Code = text(f, "adm1_code", "ne_id"); u.Code == "" || u.Code == u.Adm0A3 {
		return source.Unit{}, false
	}
	u.Parent = u.Adm0A3
	u.Name = first(text(f, "name", "name_en", "gn_name", "woe_name", "name_local"))
	u.NameEn = first(text(f, "name_en"))
	u.NameLocal = first(text(f, "name_local"))
	u.ISO31662 = source.ISO31662(text(f, "iso_3166_2"))
	u.Type = first(text(f, "type"))
	u.TypeEn = first(text(f, "type_en"))
	u.Disputed = viewsDiffer(f)
	return u, true
}

// unit is what both layers say alike: the country.
func (p *Provider) unit(f *feature.Feature, level uint8) (source.Unit, bool) {
	c, code, ok := p.countryOf(f)
	if !ok {
		return source.Unit{}, false
	}
	u := source.Unit{
		Cell: source.Cell{Country: c.Code, Level: level},
		ISO2: c.ISO2, ISO3: c.ISO3, Adm0A3: code,
		Source: shape.NaturalEarth, Vintage: vintage,
	}
	if level == 0 {
		u.NameLocal = c.Local // the layer has names in 26 languages, but not which is whose
	}
	return u, true
}

// countryOf tells the country by ADM0_A3, which is the one code that every
// area has; the ISO codes are -99 for France, Norway and others, and shared by
// some. They are asked only where a file came without ADM0_A3.
func (p *Provider) countryOf(f *feature.Feature) (admin.Country, string, bool) {
	if code := text(f, "ADM0_A3"); code != "" {
		c, ok := p.country(code)
		return c, code, ok
	}
	for _, key := range []string{"ISO_A3_EH", "ISO_A3", "ISO_A2_EH", "ISO_A2"} {
		if code := text(f, key); len(code) == 2 || len(code) == 3 {
			if c, ok := p.world.Find(code); ok {
				return c, code, true
			}
		}
	}
	return admin.Country{}, "", false
}

// viewsDiffer reports whether a point of view (FCLASS_JP and so on) sees
// something else in a unit than Natural Earth does. It is not asked of countries,
// of which it would say so for all that a single view does not recognise, China
// among them. Those named ISO and TLC are no views.
func viewsDiffer(f *feature.Feature) bool {
	class := text(f, "featurecla")
	for _, a := range f.Attrs {
		if len(a.Key) != len("FCLASS_JP") || !strings.EqualFold(a.Key[:len("FCLASS_")], "FCLASS_") {
			continue
		}
		if s := clean(a.Value.String()); s != "" && !strings.EqualFold(s, class) {
			return true
		}
	}
	return false
}
