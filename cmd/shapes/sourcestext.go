package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dustin/go-humanize"

	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/engine"
)

// defaultColumns is how wide running text is where there is no terminal.
const defaultColumns = 80

// listSources writes a paragraph for each source.
func (v env) listSources(all []source.About, asJSON bool) error {
	if asJSON {
		return writeJSON(v.s.out, sourcesOf(all))
	}
	p := paragraphs{v: v, label: 15}
	for _, a := range all {
		p.write(string(a.Source), a.Name+" "+a.Vintage)
		p.write("", a.Summary)
		p.write("  licence", a.License.Name+consentText(a.License))
		p.variants(a.Choices)
	}
	return nil
}

// consentText says so where a licence must be accepted.
func consentText(l source.License) string {
	if l.Consent {
		return " (to be accepted first: --accept)"
	}
	return ""
}

// listOffers writes the levels that there are, and what goes with them.
func (v env) listOffers(m engine.Matrix) {
	if len(m.Rows) == 0 {
		fmt.Fprintf(v.s.out, "%s has nothing of it\n", m.About.Name)
		return
	}
	t := table{elastic: 1, more: []int{2, 6}, right: map[int]bool{4: true, 5: true}}
	t.row("CELL", "COUNTRY", "LEVEL", "VINTAGE", "UNITS", "SIZE", "LICENCE")
	cells := 0
	for _, r := range m.Rows {
		for _, o := range r.Cells {
			mark := ""
			if o.Cached {
				mark = "*"
			}
			t.row(fmt.Sprintf("%s:%d%s", r.Country.Code, o.Level, mark), r.Country.Name, o.Title, o.Vintage, amount(int64(o.Units)), size(o.Bytes), o.License.Name)
			cells++
		}
	}
	t.lean()
	t.write(v.s.out, v.s.columns())
	fmt.Fprintf(v.s.out, "%s of %s\n\n", count(cells, "level"), count(len(m.Rows), "country"))
	p := paragraphs{v: v, label: 10}
	p.licences(m)
	p.variants(m.About.Choices)
	p.write("rules", m.About.Policy)
}

// paragraphs writes facts whose text may take several lines.
type paragraphs struct {
	v     env
	label int // columns of the labels
}

// write writes one, broken into lines; none without a text.
func (p paragraphs) write(label, text string) {
	columns := p.v.s.columns()
	if columns == 0 {
		columns = defaultColumns
	}
	for _, line := range wrap(oneLine(text), max(columns-p.label-1, 2*leastElastic)) {
		fmt.Fprintf(p.v.s.out, "%-*s %s\n", p.label, label, line)
		label = ""
	}
}

func (p paragraphs) variants(choices []source.Choice) {
	for _, c := range choices {
		values := valuesOf(c)
		for i, value := range values {
			if value == "" {
				values[i] = "none"
			}
			if value == c.Default {
				values[i] += " (default)"
			}
		}
		p.write("  variant", c.Key+": "+strings.Join(values, ", "))
	}
}

// fewLicences is how many licences are told with their texts.
const fewLicences = 6

// licenceUse is a licence, and how many levels it covers.
type licenceUse struct {
	source.License
	levels int
}

// uses returns the licences of a matrix that same tells apart, the one of most
// levels first.
func uses(m engine.Matrix, same func(a, b source.License) bool) []licenceUse {
	var out []licenceUse
	for _, r := range m.Rows {
		for _, o := range r.Cells {
			i := slices.IndexFunc(out, func(u licenceUse) bool { return same(u.License, o.License) })
			if i < 0 {
				i, out = len(out), append(out, licenceUse{License: o.License})
			}
			if out[i].URL != o.License.URL {
				out[i].URL = "" // each layer has its own
			}
			out[i].levels++
		}
	}
	slices.SortStableFunc(out, func(a, b licenceUse) int { return b.levels - a.levels })
	return out
}

// licences tells what is asked of who uses the levels: of few licences the
// texts, of many the names.
func (p paragraphs) licences(m engine.Matrix) {
	all := uses(m, func(a, b source.License) bool { return a.Name == b.Name && a.Text == b.Text })
	if len(all) <= fewLicences {
		for _, u := range all {
			name := u.Name
			if len(all) > 1 {
				name += ", " + count(u.levels, "level")
			}
			p.write("licence", fmt.Sprintf("%s%s: %s %s", name, consentText(u.License), u.Text, u.URL))
		}
		return
	}
	var names []string
	for _, u := range uses(m, func(a, b source.License) bool { return a.Name == b.Name }) {
		names = append(names, fmt.Sprintf("%s (%s)", u.Name, comma(u.levels)))
	}
	p.write("licences", strings.Join(names, ", ")+". Their texts are shown for fewer countries at once.")
	p.write("", m.About.License.Text)
}

// wrap breaks text between words into lines of at most n columns, as far as no
// word is longer.
func wrap(text string, n int) []string {
	var lines []string
	line := ""
	for word := range strings.SplitSeq(text, " ") {
		if line != "" && cells(line)+1+cells(word) > n {
			lines, line = append(lines, line), ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// amount is a number, "" if it is 0.
func amount(n int64) string {
	if n == 0 {
		return ""
	}
	return humanize.Comma(n)
}

// size is a number of bytes, "" if it is 0.
func size(n int64) string {
	if n == 0 {
		return ""
	}
	return humanize.Bytes(uint64(n))
}
