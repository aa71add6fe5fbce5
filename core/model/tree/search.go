package tree

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// Rank says how well a name fits what was searched; the smaller, the better.
type Rank int

// The ranks.
const (
	Exact     Rank = iota // the name is the text
	Prefix                // it begins with it
	WordStart             // one of its words does
	Inside                // the text is somewhere in it
)

// Hit is a node that was found.
type Hit struct {
	Node Node
	Rank Rank
}

// Search returns the nodes of the visible tree whose names hold text, case,
// accents and width aside (see Plain): the best first, equal ones by name, at
// most limit. A text of white space finds nothing. It reads the index of
// names, and records only of what it returns and of the folders above.
func Search(tx *kv.Tx, text string, limit int) ([]Hit, error) {
	want := []byte(Plain(strings.TrimSpace(text)))
	if len(want) == 0 || limit <= 0 {
		return nil, nil
	}
	s := scan{tx: tx, shown: map[string]bool{Root: true, Trash: false, Undone: false}}
	// The index is in the order of names, so that of each rank the first are the
	// ones to keep.
	var ids [Inside + 1][]string
	for entry, key := range Nodes().Entries(tx, ByName, nil) {
		name, parent, ok := cut(entry)
		if !ok {
			return nil, fmt.Errorf("search %s: %w: entry %q in the index of names", quote(text), ErrDamaged, entry)
		}
		rank, ok := rankOf(name, want)
		if !ok || len(ids[rank]) == limit {
			continue
		}
		if shows, err := s.shows(string(parent)); err != nil {
			return nil, fmt.Errorf("search %s: %w", quote(text), err)
		} else if shows {
			ids[rank] = append(ids[rank], idOf(key))
		}
	}
	return s.hits(ids[:], limit)
}

// cut parts an entry of the index of names into its name and parent, which
// have no NUL.
func cut(entry []byte) (name, parent []byte, ok bool) {
	end := []byte{0, 0}
	name, rest, ok := bytes.Cut(entry, end)
	if !ok {
		return nil, nil, false
	}
	parent, _, ok = bytes.Cut(rest, end)
	return name, parent, ok
}

// rankOf says how text stands in name, if it does.
func rankOf(name, text []byte) (Rank, bool) {
	at := bytes.Index(name, text)
	switch {
	case at < 0:
		return 0, false
	case at == 0 && len(name) == len(text):
		return Exact, true
	case at == 0:
		return Prefix, true
	}
	for {
		if before, _ := utf8.DecodeLastRune(name[:at]); !unicode.IsLetter(before) && !unicode.IsDigit(before) && !unicode.IsMark(before) {
			return WordStart, true
		}
		next := bytes.Index(name[at+1:], text)
		if next < 0 {
			return Inside, true
		}
		at += 1 + next
	}
}

// scan remembers which folders are in the visible tree.
type scan struct {
	tx    *kv.Tx
	shown map[string]bool
}

// shows reports whether what id holds is in the visible tree.
func (s *scan) shows(id string) (bool, error) {
	var way []string
	shown, known := s.shown[id]
	for !known {
		if way = append(way, id); len(way) > 2*MaxDepth {
			return false, fmt.Errorf("folder %q: %w: its folders make a ring", id, ErrDamaged)
		}
		n, err := Get(s.tx, id)
		if err != nil {
			return false, err
		}
		id = n.Parent
		shown, known = s.shown[id]
	}
	for _, id := range way {
		s.shown[id] = shown
	}
	return shown, nil
}

func (s *scan) hits(ids [][]string, limit int) ([]Hit, error) {
	var hits []Hit
	for rank, list := range ids {
		for _, id := range list[:min(len(list), limit-len(hits))] {
			n, err := Get(s.tx, id)
			if err != nil {
				return nil, err
			}
			hits = append(hits, Hit{n, Rank(rank)})
		}
	}
	return slices.Clip(hits), nil
}
