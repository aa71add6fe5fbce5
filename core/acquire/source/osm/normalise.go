package osm

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

// Normalise implements source.Provider. A unit that its tags give to another
// country than the one that was asked for is returned as that country's, so
// that nobody wants it.
func (p *Provider) Normalise(r *source.Request, _ string, f *feature.Feature) (source.Unit, bool) {
	code := codeOf(f)
	if code == "" {
		return source.Unit{}, false
	}
	a, level, ok := p.place(r, f)
	if !ok {
		return source.Unit{}, false
	}
	u := source.Unit{
		Cell: source.Cell{Country: a.country, Level: level},
		Code: code, ISO2: a.iso2, ISO3: a.iso3, Adm0A3: a.country,
		Source: shape.OpenStreetMap, Vintage: vintageOf(r, f), Disputed: disputed(f),
		TypeEn: strings.ReplaceAll(text(f, "border_type"), "_", " "),
	}
	a.name(&u, f)
	if level > 0 {
		u.ISO31662 = a.unitCode(codes(f))
	}
	return u, true
}

// name fills in the names. The tag name is what is on the signs, in a country
// with several languages often in two of them.
func (a *area) name(u *source.Unit, f *feature.Feature) {
	u.Name = first(text(f, "name"), text(f, "official_name"), text(f, "name:en"), text(f, "int_name"))
	u.NameEn = first(text(f, "name:en"), text(f, "int_name"))
	if u.NameEn == "" && a.language == "en" {
		u.NameEn = u.Name
	}
	u.NameLocal = text(f, "name")
	if a.language != "" {
		u.NameLocal = first(text(f, "name:"+a.language), u.NameLocal)
	}
}

// codeOf is the id of the relation (r) or way (w) with its letter: "r912998".
// Readers of OpenStreetMap's answers give it as "relation/912998".
func codeOf(f *feature.Feature) string {
	for _, key := range [...]string{"@id", "id"} {
		v, ok := f.Attr(key)
		if !ok {
			continue
		}
		kind, number, _ := strings.Cut(v.String(), "/")
		n, err := strconv.ParseInt(number, 10, 64)
		if err != nil || n <= 0 {
			continue
		}
		switch kind {
		case "relation":
			return "r" + strconv.FormatInt(n, 10)
		case "way":
			return "w" + strconv.FormatInt(n, 10)
		}
	}
	return ""
}

// place tells whose unit f is, and at which level.
func (p *Provider) place(r *source.Request, f *feature.Feature) (*area, uint8, bool) {
	admin, _ := strconv.Atoi(text(f, "admin_level"))
	country, isCountry := p.areaOf(first(text(f, "ISO3166-1"), text(f, "ISO3166-1:alpha2")))
	units := codes(f)
	if home, ok := p.home(r); ok {
		if isCountry && country == home && (admin == home.own || r.Wanted(source.Cell{Country: home.country})) {
			return home, 0, true
		}
		level, has := home.levelOf(admin)
		if has && home.unitCode(units) != "" {
			return home, level, true // overseas too: FR-973 is a region of France, and has a code of its own
		}
		if has && len(units) == 0 && !isCountry && !p.isAbroad(home, f) {
			return home, level, true
		}
	}
	if isCountry {
		return country, 0, true
	}
	for _, code := range append(prefixes(units), countryTag(f)) {
		if a, ok := p.areaOf(code); ok {
			level, has := a.levelOf(admin)
			return a, level, has
		}
	}
	return nil, 0, false
}

// home is the country that the request asks for.
func (p *Provider) home(r *source.Request) (*area, bool) {
	if len(r.Cells) == 0 {
		return nil, false
	}
	return p.area(r.Cells[0].Country)
}

// isAbroad reports whether a tag says that f is in another country.
func (p *Provider) isAbroad(home *area, f *feature.Feature) bool {
	code := countryTag(f)
	_, known := p.areaOf(code)
	return known && code != home.code && code != home.also
}

// countryTag is the country that the tags name by its code, "" if none.
func countryTag(f *feature.Feature) string {
	for _, key := range [...]string{"is_in:country_code", "country_code", "addr:country"} {
		if code := strings.ToUpper(text(f, key)); isCountryCode(code) {
			return code
		}
	}
	return ""
}

// codes are the unit's codes of ISO 3166-2; a few have two: "NL-BQ1;BQ-BO".
func codes(f *feature.Feature) []string {
	var out []string
	for part := range strings.SplitSeq(text(f, "ISO3166-2"), ";") {
		if code := source.ISO31662(strings.TrimSpace(part)); code != "" && !slices.Contains(out, code) {
			out = append(out, code)
		}
	}
	return out
}

// prefixes are the countries of the codes.
func prefixes(codes []string) []string {
	var out []string
	for _, c := range codes {
		out = append(out, c[:2])
	}
	return out
}

// unitCode is the code that is the country's, else one of the country that it
// belongs to, "" if none is.
func (a *area) unitCode(codes []string) string {
	for _, of := range [...]string{a.code, a.also} {
		for _, c := range codes {
			if c[:2] == of {
				return c
			}
		}
	}
	return ""
}

// vintageOf is the day on which the data left OpenStreetMap.
func vintageOf(r *source.Request, f *feature.Feature) string {
	at, err := time.Parse(time.RFC3339, text(f, "@osm_base"))
	if err != nil || at.Year() < 2004 || at.Year() > 9999 {
		return r.Vintage
	}
	return at.Format(time.DateOnly)
}

// disputed reports whether the unit, or a part of its border, is claimed by
// others.
func disputed(f *feature.Feature) bool {
	return text(f, "disputed") == "yes" || text(f, "boundary") == "disputed" || text(f, "disputed_by") != ""
}
