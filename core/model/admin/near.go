package admin

import (
	"cmp"
	"slices"
	"unicode/utf8"
)

const (
	maxNear    = 5  // places that Near returns
	maxMissing = 40 // letters of a query that Near looks at
)

// Near returns the few places with a name almost like query, for when Search
// finds none: letters that are missing, too many, wrong or swapped. The nearest
// comes first; among equals a name before an alias, then by English name.
func (t *Table) Near(query string) []Country {
	q := []rune(fold(query).key)
	if len(q) == 0 || len(q) > maxMissing {
		return nil
	}
	type hit struct {
		Country
		off   int
		alias bool
	}
	var hits []hit
	most := slips(len(q))
	for _, p := range t.places {
		best := hit{p.Country, most + 1, true}
		for _, n := range p.names {
			if off := n.off(q, most); off < best.off || off == best.off && best.alias && !n.alias {
				best.off, best.alias = off, n.alias
			}
		}
		if best.off <= most {
			hits = append(hits, best)
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int {
		return cmp.Or(cmp.Compare(a.off, b.off), cmp.Compare(number(a.alias), number(b.alias)))
	})
	var found []Country
	for _, h := range hits[:min(len(hits), maxNear)] {
		found = append(found, h.Country)
	}
	return found
}

// slips is how many letters of so many may be wrong.
func slips(letters int) int {
	switch {
	case letters < 3:
		return 0
	case letters < 6:
		return 1
	case letters < 10:
		return 2
	}
	return 3
}

// off is the least distance of q from n, or from a long word of it; more than
// most if it is more than that.
func (n name) off(q []rune, most int) int {
	best := distance(q, []rune(n.key), most)
	for _, w := range n.words {
		if utf8.RuneCountInString(w) >= 4 {
			best = min(best, distance(q, []rune(w), most))
		}
	}
	return best
}

// distance is how many letters must be added, left out, replaced or swapped with
// their neighbour to make b of a, each once; more than most if it is more.
func distance(a, b []rune, most int) int {
	if len(a)-len(b) > most || len(b)-len(a) > most {
		return most + 1
	}
	var before []int // the rows of the table of beginnings, the last two
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		next := make([]int, len(b)+1)
		next[0] = i + 1
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			next[j+1] = min(row[j+1]+1, next[j]+1, row[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				next[j+1] = min(next[j+1], before[j-1]+1)
			}
		}
		before, row = row, next
	}
	return row[len(b)]
}
