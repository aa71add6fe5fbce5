package local

import (
	"fmt"
	"strings"

	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/model/admin"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

// Normalise implements source.Provider. Attributes of the common schema are read
// as what they are, then such as are widely used. Country and level that the
// feature does not say are those of the request's only cell; without either, a
// unit is of no country ("") and at level 0. It never refuses a feature, since
// the file is the user's choice.
func (p *Provider) Normalise(r *source.Request, layer string, f *feature.Feature) (source.Unit, bool) {
	u := source.Unit{Source: shape.Local, Disputed: truth(f, source.KeyDisputed)}
	u.Country, u.Level = p.cellOf(r, f)
	place, known := p.world.Get(u.Country)
	if known {
		u.ISO2, u.ISO3 = place.ISO2, place.ISO3
	}
	u.Adm0A3 = text(f, source.KeyAdm0A3)
	u.Name = text(f, source.KeyName, fmt.Sprintf("NAME_%d", u.Level), "shapeName", "title", "label")
	u.NameEn = text(f, source.KeyNameEn, "name:en")
	u.NameLocal = text(f, source.KeyNameLocal, "loc_name")
	u.ISO31662 = source.ISO31662(text(f, source.KeyISO31662, "ISO3166-2", "shapeISO"))
	u.Type, u.TypeEn = text(f, source.KeyType), text(f, source.KeyTypeEn)
	u.Vintage = text(f, source.KeyVintage)
	if u.Code = text(f, source.KeyCode, "id", "shapeID", fmt.Sprintf("GID_%d", u.Level), "adm1_code"); u.Code == "" {
		u.Code = fmt.Sprintf("%s#%d", clean(layer), f.Index+1)
	}
	if parent := text(f, source.KeyParent); u.Level > 0 && parent != u.Code {
		u.Parent = parent
	}
	return u, true
}

// cellOf returns the country, "" if none is known, and the level.
func (p *Provider) cellOf(r *source.Request, f *feature.Feature) (string, uint8) {
	var c source.Cell
	if len(r.Cells) == 1 {
		c = r.Cells[0]
	}
	if place, ok := p.countryOf(f); ok {
		c.Country = place.Code
	} else if _, known := p.world.Get(c.Country); !known {
		c.Country = ""
	}
	if level, ok := levelOf(f); ok {
		c.Level = level
	}
	return c.Country, min(c.Level, shape.MaxLevel)
}

func (p *Provider) countryOf(f *feature.Feature) (admin.Country, bool) {
	for _, key := range []string{source.KeyISO3, source.KeyAdm0A3, "iso3", "shapeGroup", "GID_0", source.KeyISO2, "ISO3166-1", "country_code", "country"} {
		if code := text(f, key); len(code) == 2 || len(code) == 3 {
			if place, ok := p.world.Find(code); ok {
				return place, true
			}
		}
	}
	return admin.Country{}, false
}

// levelOf reads "1" and "ADM1". OpenStreetMap's admin_level is another scale.
func levelOf(f *feature.Feature) (uint8, bool) {
	for _, key := range []string{source.KeyLevel, "shapeType"} {
		s := strings.TrimPrefix(strings.ToUpper(text(f, key)), "ADM")
		if len(s) == 1 && s[0] >= '0' && s[0] <= '0'+shape.MaxLevel {
			return s[0] - '0', true
		}
	}
	return 0, false
}

func truth(f *feature.Feature, key string) bool {
	s := strings.ToLower(text(f, key))
	return s == "1" || s == "true" || s == "yes"
}
