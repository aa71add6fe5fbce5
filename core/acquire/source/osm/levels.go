package osm

import (
	_ "embed" // the table of levels
	"fmt"
	"strconv"
	"strings"

	"github.com/shapes-desktop/shapes/core/model/shape"
)

//go:embed levels.txt
var levelsFile string

func levelTable() string { return levelsFile }

// area is a country as OpenStreetMap divides it.
type area struct {
	country    string // of model/admin
	code       string // ISO 3166-1 alpha-2, as in the tag
	iso2, iso3 string
	own        int    // admin_level of the whole country, 0 if it is not known
	language   string // of its names, "" if there are several
	also       string // the country whose codes of ISO 3166-2 its units may bear too
	levels     []level
}

// level is a kind of unit. ADMn is the n-th.
type level struct {
	admin int    // admin_level
	kind  string // "state"
}

// parseLevels reads the table.
func parseLevels(text string) ([]area, error) {
	var out []area
	seen := map[string]bool{}
	for n, line := range strings.Split(text, "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		a, err := parseArea(line)
		if err == nil && seen[a.code] {
			err = fmt.Errorf("%s is there twice", a.code)
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n+1, err)
		}
		seen[a.code] = true
		out = append(out, a)
	}
	return out, nil
}

// parseArea reads "JP 2 ja; 4 prefecture; 7 city": see the head of the file.
func parseArea(line string) (area, error) {
	parts := strings.Split(line, "; ")
	head := strings.Fields(parts[0])
	if len(head) < 2 || !isCountryCode(head[0]) {
		return area{}, fmt.Errorf("%q does not begin with a country and a level", line)
	}
	a := area{code: head[0]}
	var err error
	if a.own, err = parseAdmin(head[1]); err != nil {
		return a, err
	}
	rest := head[2:]
	if len(rest) >= 2 && rest[len(rest)-2] == "also" {
		a.also, rest = rest[len(rest)-1], rest[:len(rest)-2]
	}
	if len(rest) > 1 {
		return a, fmt.Errorf("%q says more than a language", line)
	}
	if len(rest) == 1 {
		a.language = rest[0]
	}
	for _, part := range parts[1:] {
		number, kind, _ := strings.Cut(part, " ")
		l := level{kind: kind}
		if l.admin, err = parseAdmin(number); err != nil {
			return a, err
		}
		if kind == "" || l.admin <= a.own || len(a.levels) > 0 && l.admin <= a.levels[len(a.levels)-1].admin {
			return a, fmt.Errorf("%q is out of order or has no kind", part)
		}
		a.levels = append(a.levels, l)
	}
	if len(a.levels) > shape.MaxLevel {
		return a, fmt.Errorf("%s has %d levels; %d can be shown", a.code, len(a.levels), shape.MaxLevel)
	}
	return a, nil
}

// parseAdmin reads an admin_level.
func parseAdmin(s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > 12 {
		return 0, fmt.Errorf("%q is no admin_level", s)
	}
	return n, nil
}

// isCountryCode reports whether s has the form of ISO 3166-1 alpha-2.
func isCountryCode(s string) bool {
	return len(s) == 2 && strings.Trim(s, capitals) == ""
}

const capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// title is a level in OpenStreetMap's own words, which people who map look for.
func (a *area) title(n uint8) string {
	switch {
	case n > 0:
		l := a.levels[n-1]
		return fmt.Sprintf("admin_level %d · %s", l.admin, l.kind)
	case a.own > 0:
		return fmt.Sprintf("admin_level %d · country", a.own)
	}
	return "country"
}

// levelOf returns which ADMn an admin_level of the country is.
func (a *area) levelOf(adminLevel int) (uint8, bool) {
	for i, l := range a.levels {
		if l.admin == adminLevel {
			return uint8(i) + 1, true
		}
	}
	return 0, false
}

// fileName of an answer: "osm-LIE-8.json" by the admin_level, since that is
// what was asked for.
func (a *area) fileName(n uint8) string {
	if n == 0 {
		return "osm-" + a.country + ".json"
	}
	return fmt.Sprintf("osm-%s-%d.json", a.country, a.levels[n-1].admin)
}
