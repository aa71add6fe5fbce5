package shape

import "slices"

// CheckboxState is the original's view of a selection as a matrix: a row for
// each of the given countries, a column for each level, true where wanted.
func (s Selection) CheckboxState(countries []string) [][]bool {
	state := make([][]bool, len(countries))
	for i, iso3 := range countries {
		state[i] = make([]bool, Levels)
		for level := range uint8(Levels) {
			state[i][level] = s.Has(iso3, level)
		}
	}
	return state
}

// SelectedCountries is the original's view of a selection as a list: those of
// the given countries of which a level is wanted, in their order.
func (s Selection) SelectedCountries(countries []string) []string {
	return slices.DeleteFunc(slices.Clone(countries), func(iso3 string) bool { return s.levels(iso3) == 0 })
}

// AdminLevels is the original's view of a selection as the levels that are
// wanted of at least one of the given countries.
func (s Selection) AdminLevels(countries []string) [Levels]bool {
	var wanted [Levels]bool
	for _, iso3 := range countries {
		for _, level := range s.levels(iso3).list() {
			wanted[level] = true
		}
	}
	return wanted
}

// With returns s and what is wanted of one more cell; iso3 may be All.
func (s Selection) With(iso3 string, level uint8) Selection {
	return Union(s, Selection{iso3: {level}})
}

// Without returns s less one cell; iso3 may be All, which clears the level
// everywhere. See Minus about countries.
func (s Selection) Without(iso3 string, level uint8, countries []string) Selection {
	return Minus(s, Selection{iso3: {level}}, countries)
}
