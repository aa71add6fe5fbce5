package shapeform

import (
	"slices"
	"strings"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/admin"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

// row is a country of a source and what there is of it.
type row struct {
	Country
	continent admin.Continent // "" of the bundled world
	has       [shape.Levels]bool
	cells     [shape.Levels]engine.CellOffer // of a source that is fetched
}

// matrix is the countries of a source and which of their levels there are.
type matrix struct {
	rows    []*row   // all, by name
	found   []*row   // those that search and continent leave
	codes   []string // of all
	levels  []uint8  // that some country has
	fetched bool     // its cells tell of units, licences and so on
}

// newMatrix is that of the bundled world: all countries have all its levels.
func newMatrix(countries []Country) *matrix {
	m := &matrix{}
	for _, c := range countries {
		r := &row{Country: c}
		for level := range levelWords() {
			r.has[level] = true
		}
		m.rows = append(m.rows, r)
	}
	return m.ready()
}

// offersMatrix is that of a source that is fetched.
func offersMatrix(of engine.Matrix) *matrix {
	m := &matrix{fetched: true}
	for _, from := range of.Rows {
		c := from.Country
		r := &row{Country: Country{ISO3: c.Code, Name: c.Name, NameJa: c.Japanese}, continent: c.Continent}
		for _, cell := range from.Cells {
			if int(cell.Level) < len(r.has) {
				r.has[cell.Level], r.cells[cell.Level] = true, cell
			}
		}
		m.rows = append(m.rows, r)
	}
	return m.ready()
}

// ready sorts the rows and notes what they have.
func (m *matrix) ready() *matrix {
	slices.SortFunc(m.rows, func(a, b *row) int {
		if c := strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)); c != 0 {
			return c
		}
		return strings.Compare(a.ISO3, b.ISO3)
	})
	for _, r := range m.rows {
		m.codes = append(m.codes, r.ISO3)
	}
	for level := range uint8(shape.Levels) {
		if slices.ContainsFunc(m.rows, func(r *row) bool { return r.has[level] }) {
			m.levels = append(m.levels, level)
		}
	}
	m.found = m.rows
	return m
}

// search finds countries by a part of their name or the beginning of their
// code; those whose name or code begins with it come first.
func (m *matrix) search(text string) {
	text = strings.ToLower(strings.TrimSpace(text))
	if text == "" {
		m.found = m.rows
		return
	}
	var first, then []*row
	for _, c := range m.rows {
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

// find finds the countries with these codes, in their order.
func (m *matrix) find(codes []string) {
	by := make(map[string]*row, len(m.rows))
	for _, r := range m.rows {
		by[r.ISO3] = r
	}
	m.found = nil
	for _, code := range codes {
		if r := by[code]; r != nil {
			m.found = append(m.found, r)
		}
	}
}

// stay leaves of what was found the countries of a continent; "" is any.
func (m *matrix) stay(on admin.Continent) {
	if on == "" {
		return
	}
	var found []*row
	for _, r := range m.found {
		if r.continent == on {
			found = append(found, r)
		}
	}
	m.found = found
}

// choose returns the selection after a check mark of some countries was set or
// cleared; countries without the level stay as they are. Everything, once all
// of it is chosen, is the empty selection.
func (m *matrix) choose(s shape.Selection, rows []*row, level uint8, on bool) shape.Selection {
	cells := shape.Selection{}
	for _, r := range rows {
		if r.has[level] {
			cells[r.ISO3] = []uint8{level}
		}
	}
	switch {
	case len(cells) == 0:
		return s
	case on:
		s = shape.Union(s, cells)
	default:
		s = shape.Minus(m.spelled(s), cells, m.codes)
	}
	if m.whole(s) {
		return nil
	}
	return s
}

// spelled is the selection in so many words, which name no level that is not
// there because all of them, or all countries, were wanted.
func (m *matrix) spelled(s shape.Selection) shape.Selection {
	if len(s) > 0 && len(s[shape.All]) == 0 {
		return s
	}
	out := shape.Nothing()
	for code, levels := range s {
		if code != shape.All {
			out[code] = slices.Clone(levels)
		}
	}
	for _, r := range m.rows {
		out[r.ISO3] = nil
		for level, has := range r.has {
			if has && s.Has(r.ISO3, uint8(level)) {
				out[r.ISO3] = append(out[r.ISO3], uint8(level))
			}
		}
	}
	return out.Canonical()
}

// whole reports whether all there is is wanted.
func (m *matrix) whole(s shape.Selection) bool {
	for _, level := range m.levels {
		if chosen, there := m.count(s, m.rows, level); chosen < there {
			return false
		}
	}
	return len(m.rows) > 0
}

// count counts the countries of which a level is wanted, and those that have
// it.
func (m *matrix) count(s shape.Selection, rows []*row, level uint8) (chosen, there int) {
	for _, r := range rows {
		if r.has[level] {
			there++
			if s.Has(r.ISO3, level) {
				chosen++
			}
		}
	}
	return chosen, there
}
