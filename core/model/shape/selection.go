package shape

import (
	"fmt"
	"maps"
	"slices"
)

// Selection is the one truth about which boundaries are wanted: for each
// country (ISO 3166 alpha-3, or "*" for all) its administrative levels, 0 … 5,
// ascending. An empty Selection wants everything, units of no known country
// too; Nothing wants nothing.
type Selection map[string][]uint8

// All stands for every country.
const All = "*"

// Levels is how many administrative levels there are: 0 … MaxLevel.
const Levels = MaxLevel + 1

// Nothing returns the selection that wants nothing. It is what a form holds
// when all boxes are cleared, and is not valid.
func Nothing() Selection { return Selection{All: {}} }

// Has reports whether a country's level is wanted. An empty selection wants
// everything.
func (s Selection) Has(iso3 string, level uint8) bool {
	return len(s) == 0 || slices.Contains(s[iso3], level) || slices.Contains(s[All], level)
}

// Everything reports whether s wants all that a source has.
func (s Selection) Everything() bool { return len(s) == 0 }

// Empty reports whether s wants nothing.
func (s Selection) Empty() bool {
	for _, levels := range s {
		if len(levels) > 0 {
			return false
		}
	}
	return len(s) > 0
}

// Countries returns what s names, ascending; All, if named, comes first.
func (s Selection) Countries() []string { return slices.Sorted(maps.Keys(s)) }

// Clone returns a copy that shares no memory with s.
func (s Selection) Clone() Selection {
	if s == nil {
		return nil
	}
	out := make(Selection, len(s))
	for iso3, levels := range s {
		out[iso3] = slices.Clone(levels)
	}
	return out
}

// levelSet is a set of levels, a bit each.
type levelSet uint8

const everyLevel levelSet = 1<<Levels - 1

func setOf(levels []uint8) levelSet {
	var set levelSet
	for _, l := range levels {
		if l <= MaxLevel {
			set |= 1 << l
		}
	}
	return set
}

func (set levelSet) list() []uint8 {
	levels := []uint8{}
	for l := range uint8(Levels) {
		if set&(1<<l) != 0 {
			levels = append(levels, l)
		}
	}
	return levels
}

// levels returns what is wanted of a country.
func (s Selection) levels(iso3 string) levelSet {
	if s.Everything() {
		return everyLevel
	}
	return setOf(s[iso3]) | setOf(s[All])
}

// Canonical returns s in the one form that all selections of its meaning
// share: levels ascending and once, no country that All covers or that has no
// level.
func (s Selection) Canonical() Selection {
	if s.Everything() {
		return nil
	}
	sets := make(map[string]levelSet, len(s))
	for iso3 := range s {
		sets[iso3] = s.levels(iso3)
	}
	return fromSets(sets, setOf(s[All]))
}

// fromSets makes the canonical selection of what is wanted of the countries
// named and of all.
func fromSets(sets map[string]levelSet, all levelSet) Selection {
	out := Selection{}
	for iso3, set := range sets {
		if own := set &^ all; iso3 != All && own != 0 {
			out[iso3] = own.list()
		}
	}
	if all != 0 {
		out[All] = all.list()
	}
	if len(out) == 0 {
		return Nothing()
	}
	return out
}

// combine applies op to what a and b want of each country that one of them
// names, and of all others.
func combine(a, b Selection, op func(a, b levelSet) levelSet) Selection {
	sets := map[string]levelSet{}
	for _, s := range []Selection{a, b} {
		for iso3 := range s {
			sets[iso3] = op(a.levels(iso3), b.levels(iso3))
		}
	}
	return fromSets(sets, op(a.levels(All), b.levels(All)))
}

// Union returns what a or b want.
func Union(a, b Selection) Selection {
	if a.Everything() || b.Everything() {
		return nil
	}
	return combine(a, b, func(a, b levelSet) levelSet { return a | b })
}

// Minus returns what a wants and b does not. As "all but some" cannot be said
// in a selection, a is first spelled out for the given countries, which should
// be those of the source.
func Minus(a, b Selection, countries []string) Selection {
	sets := map[string]levelSet{}
	for _, iso3 := range slices.Concat(countries, a.Countries()) {
		if iso3 != All {
			sets[iso3] = a.levels(iso3) &^ b.levels(iso3)
		}
	}
	return fromSets(sets, 0)
}

// Expand spells s out for the given countries: All is replaced by names, and
// what is named beyond them is left out.
func (s Selection) Expand(countries []string) Selection {
	sets := make(map[string]levelSet, len(countries))
	for _, iso3 := range countries {
		sets[iso3] = s.levels(iso3)
	}
	return fromSets(sets, 0)
}

// validate notes what is wrong with s.
func (s Selection) validate(v *Invalid) {
	if s.Empty() {
		v.Add(StepSelection, "selection", "", "nothing is chosen: choose countries and levels, or everything that the source has")
		return
	}
	for _, iso3 := range s.Countries() {
		levels := s[iso3]
		v.Add(StepSelection, "selection."+iso3, fmt.Sprint(levels), whyCountry(iso3, levels))
	}
}

func whyCountry(iso3 string, levels []uint8) string {
	switch {
	case iso3 != All && !isISO3(iso3):
		return "a country is three upper-case letters (ISO 3166 alpha-3), or * for all"
	case len(levels) == 0:
		return "no level is chosen"
	case slices.Max(levels) > MaxLevel:
		return fmt.Sprintf("levels must be 0 to %d", MaxLevel)
	case !slices.Equal(levels, setOf(levels).list()):
		return "levels must be ascending, each once"
	}
	return ""
}

func isISO3(code string) bool {
	if len(code) != 3 {
		return false
	}
	for _, c := range []byte(code) {
		if c < 'A' || c > 'Z' {
			return false
		}
	}
	return true
}
