package shapeform

import (
	"slices"
	"strings"

	"github.com/shapes-desktop/shapes/core/model/shape"
)

// matrix is the countries of the bundled world and which of their levels are
// wanted.
type matrix struct {
	countries []Country // all, by name
	found     []Country // those that the search finds
	codes     []string  // of all
}

func newMatrix(countries []Country) *matrix {
	m := &matrix{countries: slices.Clone(countries)}
	slices.SortFunc(m.countries, func(a, b Country) int {
		if c := strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)); c != 0 {
			return c
		}
		return strings.Compare(a.ISO3, b.ISO3)
	})
	for _, c := range m.countries {
		m.codes = append(m.codes, c.ISO3)
	}
	m.found = m.countries
	return m
}

// search finds countries by a part of their name or the beginning of their
// code; those whose name or code begins with it come first.
func (m *matrix) search(text string) {
	text = strings.ToLower(strings.TrimSpace(text))
	if text == "" {
		m.found = m.countries
		return
	}
	var first, then []Country
	for _, c := range m.countries {
		name, code := strings.ToLower(c.Name), strings.ToLower(c.ISO3)
		switch {
		case strings.HasPrefix(name, text), strings.HasPrefix(code, text), strings.HasPrefix(c.NameJa, text):
			first = append(first, c)
		case strings.Contains(name, text), strings.Contains(c.NameJa, text):
			then = append(then, c)
		}
	}
	m.found = append(first, then...)
}

// choose returns the selection after a check mark of some countries was set or
// cleared. Everything, once all of it is chosen, is the empty selection.
func (m *matrix) choose(s shape.Selection, countries []Country, level uint8, on bool) shape.Selection {
	if s.Everything() && !on {
		s = m.spelled()
	}
	for _, c := range countries {
		if on {
			s = s.With(c.ISO3, level)
		} else {
			s = s.Without(c.ISO3, level, m.codes)
		}
	}
	if m.whole(s) {
		return nil
	}
	return s
}

// spelled is everything in so many words: all levels that there are of all
// countries.
func (m *matrix) spelled() shape.Selection {
	s := shape.Nothing()
	for _, code := range m.codes {
		for level := range levelWords() {
			s[code] = append(s[code], uint8(level))
		}
	}
	return s.Canonical()
}

// whole reports whether every country has every level.
func (m *matrix) whole(s shape.Selection) bool {
	for level := range levelWords() {
		if m.count(s, m.countries, uint8(level)) < len(m.countries) {
			return false
		}
	}
	return len(m.countries) > 0
}

// count counts the countries of which a level is wanted.
func (m *matrix) count(s shape.Selection, countries []Country, level uint8) int {
	n := 0
	for _, c := range countries {
		if s.Has(c.ISO3, level) {
			n++
		}
	}
	return n
}
