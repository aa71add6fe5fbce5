// Package admin knows the countries and territories of the world: their codes,
// their names, and what each source of boundaries calls them.
//
// A place is named by its Code everywhere in the program. That a place is in
// the table, and what it is shown within, says only that some source draws it
// so.
package admin

// Country is a place that some source has at level 0: a country, a territory,
// or an area whose belonging is disputed. What it holds is shared by all
// copies: read it only.
type Country struct {
	// Code is the key: ISO 3166 alpha-3; where ISO has none, XKX for Kosovo,
	// else Natural Earth's ADM0_A3 (CYN, SOL), else GADM's own (XCA, Z01).
	Code string

	ISO3    string // ISO 3166 alpha-3, "" where ISO has none
	ISO2    string // alpha-2, with ISO3
	Numeric string // three digits, with ISO3: "008"

	Name     string   // in English
	Local    string   // in the (main) local language and script
	Japanese string   // in Japanese
	Aliases  []string // other and former names and spellings; may be empty

	Continent Continent

	// What the sources call it, "" where one has no entry of its own.
	NaturalEarth  string // ADM0_A3
	GeoBoundaries string // boundaryISO
	GADM          string // GID_0
	OSM           string // tag ISO3166-1 (alpha-2)

	// Within is the Code of the place in which sources that have no entry of
	// their own for it show it, "" if it is not known or every source has one.
	Within string
}

// In returns what s calls the place, "" if it has no entry of its own.
func (c Country) In(s Coding) string {
	switch s {
	case NaturalEarth:
		return c.NaturalEarth
	case GeoBoundaries:
		return c.GeoBoundaries
	case GADM:
		return c.GADM
	case OSM:
		return c.OSM
	}
	return ""
}

// codes returns every code of the place, some of them "" or the same.
func (c Country) codes() [8]string {
	return [...]string{c.Code, c.ISO3, c.ISO2, c.Numeric, c.NaturalEarth, c.GeoBoundaries, c.GADM, c.OSM}
}

// Coding is the scheme of codes of a source.
type Coding uint8

// The codings. What each takes as the code of a place is said in Country.
const (
	NaturalEarth Coding = iota
	GeoBoundaries
	GADM
	OSM
	codings = iota
)

// String is the name of the source.
func (s Coding) String() string {
	switch s {
	case NaturalEarth:
		return "Natural Earth"
	case GeoBoundaries:
		return "geoBoundaries"
	case GADM:
		return "GADM"
	case OSM:
		return "OpenStreetMap"
	}
	return "unknown"
}

// Continent is one of seven. It is Natural Earth's; what that files under
// "Seven seas", and the minor islands of the United States, have the continent
// of UN M49 (Mauritius: Africa), and a territory that it shows within a distant
// country has its own (Réunion: Africa).
type Continent string

// The continents.
const (
	Africa       Continent = "Africa"
	Antarctica   Continent = "Antarctica"
	Asia         Continent = "Asia"
	Europe       Continent = "Europe"
	NorthAmerica Continent = "North America"
	Oceania      Continent = "Oceania"
	SouthAmerica Continent = "South America"
)

// Continents returns all of them by name.
func Continents() []Continent {
	return []Continent{Africa, Antarctica, Asia, Europe, NorthAmerica, Oceania, SouthAmerica}
}
