package gadm

import (
	"cmp"
	"slices"
	"strings"

	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/model/admin"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

// Normalise implements source.Provider. The level is that of the deepest GID.
// Waters (IJsselmeer, the Caspian Sea) are units here as they are in GADM; their
// type says so.
func (p *Provider) Normalise(r *source.Request, layer string, f *feature.Feature) (source.Unit, bool) {
	level, ok := levelOf(f)
	if !ok {
		return source.Unit{}, false
	}
	gid0 := text(f, "GID_0")
	if gid0 == "" {
		gid0, _, _ = strings.Cut(text(f, levelKey("GID", level)), ".")
	}
	place, known := p.world.Of(admin.GADM, gid0)
	if !known {
		return source.Unit{}, false
	}
	u := source.Unit{
		Cell: source.Cell{Country: p.countryOf(r, layer, place), Level: level},
		ISO2: place.ISO2, ISO3: place.ISO3, Adm0A3: gid0,
		Source: shape.GADM, Vintage: vintage, Disputed: disputed(gid0),
	}
	if level == 0 {
		return countryUnit(u, place, f), true
	}
	return unit(u, f)
}

// levelOf is the deepest level of which the feature has a GID column.
func levelOf(f *feature.Feature) (uint8, bool) {
	for level := uint8(shape.MaxLevel); ; level-- {
		if _, ok := source.Attr(f, levelKey("GID", level)); ok {
			return level, true
		}
		if level == 0 {
			return 0, false
		}
	}
}

// disputed reports the codes Z01 to Z09: areas between India, China and
// Pakistan.
func disputed(gid0 string) bool {
	return len(gid0) == 3 && gid0[:2] == "Z0" && gid0[2] >= '1' && gid0[2] <= '9'
}

// countryOf is the country whose file the feature is in. Disputed areas have a
// code of their own in it, and are of that file's country all the same: who asks
// for India gets what GADM shows in India.
func (p *Provider) countryOf(r *source.Request, layer string, place admin.Country) string {
	if !disputed(place.GADM) {
		return place.Code
	}
	if len(r.Cells) > 0 && !slices.ContainsFunc(r.Cells, func(c source.Cell) bool { return c.Country != r.Cells[0].Country }) {
		return r.Cells[0].Country
	}
	for _, name := range []string{layer, r.Name} {
		if c, ok := p.fileOf(name); ok {
			return c.Code
		}
	}
	return cmp.Or(place.Within, place.Code)
}

// fileOf reads the country in the name of a file or layer: "gadm41_IND_1".
func (p *Provider) fileOf(name string) (admin.Country, bool) {
	rest, ok := strings.CutPrefix(strings.ToLower(name), "gadm41_")
	if !ok || len(rest) < 3 {
		return admin.Country{}, false
	}
	return p.world.Of(admin.GADM, strings.ToUpper(rest[:3]))
}

// countryUnit names a country. COUNTRY has lost its spaces ("UnitedStates"), but
// the code says which place it is.
func countryUnit(u source.Unit, place admin.Country, f *feature.Feature) source.Unit {
	u.Code = u.Adm0A3
	u.Name = place.Name
	if s := text(f, "COUNTRY"); s != "" && strings.Contains(s, " ") {
		u.Name = s
	}
	for _, name := range append([]string{place.Name}, place.Aliases...) {
		if squashed(name) == squashed(text(f, "COUNTRY")) {
			u.Name = clean(name)
			break
		}
	}
	u.NameEn, u.NameLocal = u.Name, place.Local
	return u
}

func squashed(s string) string { return strings.ReplaceAll(s, " ", "") }

func unit(u source.Unit, f *feature.Feature) (source.Unit, bool) {
	key := func(name string) string { return levelKey(name, u.Level) }
	u.Parent = parentOf(u, f)
	u.Name = nameOf(u, f)
	if u.Code = codeOf(u, f); u.Code == "" || u.Code == u.Parent {
		return source.Unit{}, false
	}
	// The column is sometimes filled with the text of the level above.
	if nl := first(text(f, key("NL_NAME"))); nl != first(text(f, levelKey("NL_NAME", u.Level-1))) {
		u.NameLocal = nl
	}
	// Words for kinds of units have no capitals inside, in no language: the joints
	// are certain.
	u.Type, u.TypeEn = parted(first(text(f, key("TYPE")))), parted(first(text(f, key("ENGTYPE"))))
	if u.TypeEn == "Waterbody" || u.TypeEn == "Water body" {
		u.TypeEn = "Water body"
	}
	u.ISO31662 = source.ISO31662(text(f, key("ISO")))
	return u, true
}

// codeOf is the GID. The few units whose GID is "?" or missing have the HASC
// code, or are named by where they are.
func codeOf(u source.Unit, f *feature.Feature) string {
	for _, name := range []string{"GID", "HASC"} {
		if code := text(f, levelKey(name, u.Level)); code != "" {
			return code
		}
	}
	if u.Name == "" || u.Parent == "" {
		return ""
	}
	return u.Parent + "?" + u.Name
}

// parentOf is the GID of the level above as the feature has it, else what its own
// says: "JPN.1.2_1" is in "JPN.1_1".
func parentOf(u source.Unit, f *feature.Feature) string {
	if u.Level == 1 {
		return u.Adm0A3
	}
	if gid := text(f, levelKey("GID", u.Level-1)); gid != "" {
		return gid
	}
	path, version, _ := strings.Cut(text(f, levelKey("GID", u.Level)), "_")
	i := strings.LastIndexByte(path, '.')
	if i <= 0 || version == "" || strings.Count(path, ".") != int(u.Level) {
		return ""
	}
	return clean(path[:i] + "_" + version)
}

// nameOf is the unit's name, else the first of its other names.
func nameOf(u source.Unit, f *feature.Feature) string {
	// The county of Cork is stored as one without a name.
	if u.Level == 1 && text(f, "GID_1") == "IRL.4_1" && text(f, "NAME_1") == "" {
		return "Cork"
	}
	for _, key := range []string{"NAME", "VARNAME", "NL_NAME"} {
		if s := first(text(f, levelKey(key, u.Level))); s != "" {
			if strings.Contains(partedNames, u.Adm0A3) {
				s = parted(s)
			}
			return s
		}
	}
	return ""
}
