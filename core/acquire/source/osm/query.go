package osm

import (
	"fmt"
	"strings"

	"github.com/shapes-desktop/shapes/core/acquire/source"
)

// settings of every question: what the server may spend on it. These are its
// own defaults, said aloud.
const settings = "[out:json][timeout:180][maxsize:536870912];\n"

// query is the question for a level of the country, in Overpass QL.
//
// The country itself is the relation with its code at its admin_level. Some
// territories are at another level than the table says, or only have the longer
// key. The server tries that by itself if the first finds nothing, so that one
// question is enough.
//
// Units are the relations inside its area. Units whose whole border is the
// country's own are not "inside" to the server, and some of neighbours are:
// Normalise and Outline tell those.
func (a *area) query(n uint8) string {
	if n == 0 {
		return settings + a.countryQuery()
	}
	return settings + a.areaQuery() +
		fmt.Sprintf("relation%s[%q=%q](area.c);\nout geom;", boundary, "admin_level", fmt.Sprint(a.levels[n-1].admin))
}

const boundary = `["boundary"="administrative"]`

func (a *area) code1() string { return fmt.Sprintf(`["ISO3166-1"="%s"]`, a.code) }
func (a *area) code2() string { return fmt.Sprintf(`["ISO3166-1:alpha2"="%s"]`, a.code) }

// level of the country as a filter, "" if it is not known.
func (a *area) level() string {
	if a.own == 0 {
		return ""
	}
	return fmt.Sprintf(`["admin_level"="%d"]`, a.own)
}

func (a *area) countryQuery() string {
	var b strings.Builder
	fmt.Fprintf(&b, "relation%s%s%s->.c;\n", boundary, a.level(), a.code1())
	b.WriteString("if (c.count(relations) == 0) {\n")
	fmt.Fprintf(&b, "  (\n    relation%s%s;\n    relation%s%s;\n  )->.c;\n}\n", boundary, a.code1(), boundary, a.code2())
	b.WriteString(".c out geom;")
	return b.String()
}

// areaQuery finds the country's area. Those of sovereign states are at level
// 2; territories are mapped in different ways, so they are looked for at all.
func (a *area) areaQuery() string {
	if a.own == 2 {
		return "area" + a.code1() + a.level() + boundary + "->.c;\n"
	}
	return fmt.Sprintf("(\n  area%s%s;\n  area%s%s;\n)->.c;\n", a.code1(), boundary, a.code2(), boundary)
}

// marks are the tags that every answer to the question for a level has.
func (a *area) marks(n uint8) []source.Mark {
	if n == 0 {
		return []source.Mark{{Keys: []string{"ISO3166-1", "ISO3166-1:alpha2"}, Value: a.code}}
	}
	return []source.Mark{{Keys: []string{"admin_level"}, Value: fmt.Sprint(a.levels[n-1].admin)}}
}
