package shape

import "slices"

// Selection is the one truth about which boundaries are wanted: for each
// country (ISO 3166 alpha-3, or "*" for all) its administrative levels, 0 … 5,
// ascending.
type Selection map[string][]uint8

// All stands for every country.
const All = "*"

// Has reports whether a country's level is wanted. An empty selection wants
// everything.
func (s Selection) Has(iso3 string, level uint8) bool {
	return len(s) == 0 || slices.Contains(s[iso3], level) || slices.Contains(s[All], level)
}
