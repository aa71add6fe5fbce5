package shapeform

import (
	"fmt"
	"slices"
	"strings"

	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

// licenseUse is a licence and how much of what is wanted it covers. Layers of
// one licence may each have words, addresses and credits of their own: what is
// said here is what is true of all.
type licenseUse struct {
	source.License
	cells   int
	sources []string // who must be named beside it, each once
}

// uses lists the licences of what is wanted, or of all while nothing is, by
// name, the one of most cells first.
func (m *matrix) uses(s shape.Selection) []licenseUse {
	if s.Empty() {
		s = nil
	}
	var out []licenseUse
	at := map[string]int{}
	m.each(s, func(r *row, level uint8) {
		o := r.cells[level].Offer
		i, known := at[o.License.Name]
		if !known {
			i = len(out)
			at[o.License.Name] = i
			out = append(out, licenseUse{License: o.License})
		}
		out[i].add(o)
	})
	slices.SortStableFunc(out, func(a, b licenseUse) int { return b.cells - a.cells })
	return out
}

// add takes a layer in: its restrictions hold for the whole.
func (u *licenseUse) add(o source.Offer) {
	u.cells++
	if l := o.License; l != u.License {
		u.ShareAlike, u.NoSharing = u.ShareAlike || l.ShareAlike, u.NoSharing || l.NoSharing
		u.NonCommercial, u.Consent = u.NonCommercial || l.NonCommercial, u.Consent || l.Consent
		u.Text = common(u.Text, l.Text)
		if u.Original != l.Original {
			u.Original = ""
		}
		if u.URL != l.URL {
			u.URL = ""
		}
		if u.Attribution == "" {
			u.Attribution = l.Attribution
		}
	}
	for _, name := range o.Sources {
		if !slices.Contains(u.sources, name) {
			u.sources = append(u.sources, name)
		}
	}
}

// common returns the sentences with which both texts begin.
func common(a, b string) string {
	if a == b {
		return a
	}
	x, y := strings.SplitAfter(a, ". "), strings.SplitAfter(b, ". ")
	n := 0
	for n < min(len(x), len(y)) && strings.TrimRight(x[n], ". ") == strings.TrimRight(y[n], ". ") {
		n++
	}
	out := strings.TrimSpace(strings.Join(x[:n], ""))
	if out != "" && !strings.HasSuffix(out, ".") {
		out += "."
	}
	return out
}

// licenseWords names licences with the number of their layers, the first few.
func licenseWords(uses []licenseUse) string {
	const most = 3
	var words []string
	for i, u := range uses {
		if i == most {
			words = append(words, fmt.Sprintf("and %d more", len(uses)-most))
			break
		}
		words = append(words, fmt.Sprintf("%s (%d)", u.Name, u.cells))
	}
	return strings.Join(words, ", ")
}
