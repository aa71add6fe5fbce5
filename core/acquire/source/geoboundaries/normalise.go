package geoboundaries

import (
	"fmt"
	"strings"

	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/model/admin"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

// The attributes of a layer.
const (
	keyName  = "shapeName"
	keyISO   = "shapeISO"
	keyID    = "shapeID"
	keyGroup = "shapeGroup" // the country
	keyType  = "shapeType"  // the level: "ADM1"
)

// Normalise reads a feature of a layer. Country and level are the feature's
// own; what it does not say is that of the request, if that is of one cell. No
// unit has a parent by its attributes. A feature without an id gets one made of
// its place in the file.
func (p *Provider) Normalise(r *source.Request, _ string, f *feature.Feature) (source.Unit, bool) {
	country, level, ok := p.place(r, f)
	if !ok {
		return source.Unit{}, false
	}
	u := source.Unit{
		Cell: source.Cell{Country: country.Code, Level: level},
		ISO2: country.ISO2, ISO3: country.ISO3, Adm0A3: country.GeoBoundaries,
		Source: shape.GeoBoundaries, Vintage: r.Vintage,
		Code: codeOf(text(f, keyID)),
	}
	if u.Code == "" {
		u.Code = fmt.Sprintf("%s-ADM%d-%d", country.Code, level, f.Index+1)
	}
	if u.Adm0A3 == "" {
		u.Adm0A3 = country.Code
	}
	u.Name, u.NameLocal = names(text(f, keyName), country.Code)
	if level == 0 {
		// What a layer calls a country is anything from "Slovene" to "the
		// Hashemite Kingdom of Jordan".
		u.NameEn, u.NameLocal = country.Name, country.Local
		if u.Name == "" {
			u.Name = country.Name
		}
		return u, true
	}
	u.ISO31662 = subdivision(text(f, keyISO))
	u.Type, u.TypeEn = p.typeOf(r, u.Cell)
	return u, true
}

// place returns where the feature is.
func (p *Provider) place(r *source.Request, f *feature.Feature) (admin.Country, uint8, bool) {
	country, known := p.countryOf(text(f, keyGroup))
	level, levelled := levelOf(text(f, keyType))
	if len(r.Cells) == 1 {
		if !known {
			country, known = p.world.Get(r.Cells[0].Country)
		}
		if !levelled {
			level, levelled = r.Cells[0].Level, r.Cells[0].Level <= shape.MaxLevel
		}
	}
	return country, level, known && levelled
}

// text returns an attribute as clean text; "" for what stands for nothing.
func text(f *feature.Feature, key string) string {
	v, _ := f.Attr(key)
	return present(clean(v.String()))
}

// codeOf is the id of a unit, as it is.
func codeOf(s string) string {
	if s == "None" {
		return ""
	}
	return s
}

// subdivision returns s if it is a code of ISO 3166-2. The field also has codes
// of countries, "None" and levels.
func subdivision(s string) string {
	country, part, ok := strings.Cut(s, "-")
	if !ok || len(country) != 2 || len(part) < 1 || len(part) > 3 ||
		strings.Trim(country, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" ||
		strings.Trim(part, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != "" {
		return ""
	}
	return s
}

// typeOf returns what units of a layer are called: only where the layer's title
// is one English word for them, in the singular.
func (p *Provider) typeOf(r *source.Request, cell source.Cell) (local, english string) {
	name, _, err := p.choose(r.Variant)
	if err != nil {
		return "", ""
	}
	kind := singular(strings.ToLower(p.releases[name].layers[cell].Title))
	return kind, kind
}

// singular returns the word of English that s is, or is the plural of.
func singular(s string) string {
	switch s {
	case "counties", "county":
		return "county"
	case "municipalities", "municipality":
		return "municipality"
	case "constituencies", "constituency":
		return "constituency"
	case "territories", "territory":
		return "territory"
	case "communities", "community":
		return "community"
	case "parishes", "parish":
		return "parish"
	case "communes", "commune", "prefectures", "prefecture", "provinces", "province", "states", "state", "villages", "village":
		return strings.TrimSuffix(s, "s")
	case "cantons", "canton", "departments", "department", "districts", "district", "divisions", "division", "governorates", "governorate",
		"regions", "region", "sectors", "sector", "subdistricts", "subdistrict", "subprefectures", "subprefecture", "townships", "township",
		"wards", "ward", "hamlets", "hamlet", "chiefdoms", "chiefdom", "arrondissements", "arrondissement":
		return strings.TrimSuffix(s, "s")
	}
	return ""
}
