package shapeform

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/dustin/go-humanize"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

// each calls fn with every cell that is wanted and there.
func (m *matrix) each(s shape.Selection, fn func(*row, uint8)) {
	for _, r := range m.rows {
		for _, level := range m.levels {
			if r.has[level] && s.Has(r.ISO3, level) {
				fn(r, level)
			}
		}
	}
}

// missing names the cells that are wanted by name and are not there, such as
// "FRA:5". The bundled world keeps what it does not know.
func (m *matrix) missing(s shape.Selection) []string {
	if !m.fetched {
		return nil
	}
	var out []string
	for _, code := range s.Countries() {
		i := slices.Index(m.codes, code)
		for _, level := range s[code] {
			if code != shape.All && (i < 0 || int(level) >= shape.Levels || !m.rows[i].has[level]) {
				out = append(out, fmt.Sprintf("%s:%d", code, level))
			}
		}
	}
	return out
}

// there is the selection without what is missing.
func (m *matrix) there(s shape.Selection) shape.Selection {
	if len(m.missing(s)) == 0 {
		return s
	}
	out := shape.Nothing()
	out[shape.All] = slices.Clone(s[shape.All])
	m.each(s, func(r *row, level uint8) { out[r.ISO3] = append(out[r.ISO3], level) })
	return out.Canonical()
}

// shared reports whether all countries have a level in one file: then each of
// its cells tells the size of that file.
func (m *matrix) shared(level uint8) bool {
	size, n := int64(0), 0
	for _, r := range m.rows {
		if !r.has[level] {
			continue
		}
		b := r.cells[level].Bytes
		if b == 0 || n > 0 && b != size {
			return false
		}
		size, n = b, n+1
	}
	return n > 1
}

// totals are what a selection comes to.
type totals struct {
	cells, there, countries int
	cached                  int   // cells that are at hand
	bytes                   int64 // to be fetched, as far as it is known
	unknown                 int   // cells to be fetched whose size is not known
}

func (m *matrix) totals(s shape.Selection) totals {
	var t totals
	m.each(nil, func(*row, uint8) { t.there++ })
	last, fetched := (*row)(nil), [shape.Levels]bool{}
	m.each(s, func(r *row, level uint8) {
		t.cells++
		if r != last {
			last = r
			t.countries++
		}
		switch o := r.cells[level]; {
		case o.Cached:
			t.cached++
		case o.Bytes == 0:
			t.unknown++
		case !fetched[level]:
			t.bytes += o.Bytes
			fetched[level] = m.shared(level)
		}
	})
	return t
}

// totalWords tells what a selection comes to.
func (m *matrix) totalWords(s shape.Selection) string {
	t := m.totals(s)
	if t.cells == 0 {
		return fmt.Sprintf("Nothing of %s is chosen", counted(t.there, "layer"))
	}
	parts := []string{fmt.Sprintf("%s of %s in %s", humanize.Comma(int64(t.cells)), counted(t.there, "layer"), counted(t.countries, "country"))}
	size := ""
	switch {
	case t.bytes > 0 && t.unknown > 0:
		size = "more than " + humanize.Bytes(uint64(t.bytes)) + " to fetch"
	case t.bytes > 0:
		size = "about " + humanize.Bytes(uint64(t.bytes)) + " to fetch"
	case t.unknown > 0:
		size = "size known only once fetched"
	}
	if t.cached > 0 {
		size = joinWords(", ", size, fmt.Sprintf("%s at hand", humanize.Comma(int64(t.cached))))
	}
	return joinWords("  ·  ", append(parts, size, licenseWords(m.uses(s)))...)
}

// rowWords tells what there is of a country, a line for each level.
func (m *matrix) rowWords(r *row) string {
	lines := []string{joinWords("  ·  ", r.Name, r.ISO3, string(r.continent))}
	for _, level := range m.levels {
		word := "not offered"
		if r.has[level] {
			word = cellWords(r.cells[level])
		}
		lines = append(lines, fmt.Sprintf("Level %d:  %s", level, word))
	}
	return strings.Join(lines, "\n")
}

// cellWords tells of a level of a country: in the words of the source, how
// much, how old, and whose.
func cellWords(o engine.CellOffer) string {
	units, size, cached := "", "", ""
	if o.Units > 0 {
		units = counted(o.Units, "unit")
	}
	if o.Bytes > 0 {
		size = humanize.Bytes(uint64(o.Bytes))
	}
	if o.Cached {
		cached = "at hand"
	}
	who := ""
	if len(o.Sources) > 0 {
		who = "by " + strings.Join(o.Sources, ", ")
	}
	return cmp.Or(joinWords("  ·  ", o.Title, units, o.Vintage, size, o.License.Name, who, cached), "offered")
}

// joinWords joins what is not empty.
func joinWords(by string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), by)
}

// counted writes a number of things.
func counted(n int, thing string) string {
	switch {
	case n == 1:
	case strings.HasSuffix(thing, "y"):
		thing = strings.TrimSuffix(thing, "y") + "ies"
	default:
		thing += "s"
	}
	return humanize.Comma(int64(n)) + " " + thing
}
