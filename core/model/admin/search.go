package admin

import (
	"cmp"
	"slices"
	"strings"
)

// rank says how well a name fits a query, the best first.
type rank uint8

const (
	exactCode  rank = iota // a code of any scheme
	exactName              // all of a name
	namePrefix             // how a name begins
	wordPrefix             // how a word of it begins, or all words in any order
	within                 // somewhere inside a word
	none
)

// Search returns the places that people may mean by query: any name in any of
// the table's languages, an alias, or a code. Case, accents, width and
// punctuation do not matter, nor does hiragana or katakana. The best fit comes
// first: code, name, beginning of a name, of a word, inside a word; among
// equals a name before an alias, then by English name. An empty query finds
// every place.
func (t *Table) Search(query string) []Country {
	if strings.TrimSpace(query) == "" {
		return t.All()
	}
	type hit struct {
		Country
		rank  rank
		alias bool
	}
	q := fold(query)
	code, isCode := t.byAny[plainCode(query)]
	var hits []hit
	for i, p := range t.places {
		h := hit{Country: p.Country, rank: none}
		if isCode && code == i {
			h.rank = exactCode
		}
		for _, n := range p.names {
			if r := n.fits(q); r < h.rank {
				h.rank, h.alias = r, n.alias
			}
		}
		if h.rank != none {
			hits = append(hits, h)
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(number(a.alias), number(b.alias)))
	})
	found := make([]Country, len(hits))
	for i, h := range hits {
		found[i] = h.Country
	}
	return found
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}

// fits tells how well n fits the query q.
func (n name) fits(q name) rank {
	switch {
	case q.key == "":
		return none
	case n.key == q.key:
		return exactName
	case strings.HasPrefix(n.key, q.key):
		return namePrefix
	case n.beginsWord(q.key) || n.hasWords(q.words):
		return wordPrefix
	case slices.ContainsFunc(n.words, func(w string) bool { return strings.Contains(w, q.key) }):
		return within
	}
	return none
}

// beginsWord tells whether q begins with a word of n. It may go on over words,
// since people part them in several ways ("d'Ivoire", "divoire").
func (n name) beginsWord(q string) bool {
	at := 0
	for _, w := range n.words {
		if strings.HasPrefix(n.key[at:], q) {
			return true
		}
		at += len(w)
	}
	return false
}

// hasWords tells whether each of the words begins one of n: "korea south".
func (n name) hasWords(words []string) bool {
	for _, q := range words {
		if !slices.ContainsFunc(n.words, func(w string) bool { return strings.HasPrefix(w, q) }) {
			return false
		}
	}
	return true
}
