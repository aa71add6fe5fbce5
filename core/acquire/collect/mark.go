package collect

import (
	"slices"
	"strings"

	"github.com/shapes-desktop/shapes/core/acquire/source"
)

// mark is what tells the units that were asked for from others, and what came.
type mark struct {
	source.Mark
	seen  bool   // in a unit
	other string // the first of what stands in its place
}

func marksOf(all []source.Mark) []mark {
	var out []mark
	for _, m := range all {
		out = append(out, mark{Mark: m})
	}
	return out
}

// marked reports whether a mark may be in the attribute.
func (w *walk) marked(key string) bool {
	return slices.ContainsFunc(w.marks, func(m mark) bool { return slices.Contains(m.Keys, key) })
}

// see notes the value of an attribute.
func (w *walk) see(key, value string) {
	if value = strings.TrimSpace(value); value == "" {
		return
	}
	for i := range w.marks {
		switch m := &w.marks[i]; {
		case !slices.Contains(m.Keys, key):
		case value == m.Value:
			m.seen = true
		case m.other == "":
			m.other = value
		}
	}
}

// foreign judges whether the units are those that were asked for.
func (w *walk) foreign() error {
	for _, m := range w.marks {
		if !m.seen && m.other != "" {
			return flaw(Foreign, "what came is not what was asked for: no unit has the %s %s, but there is%s",
				m.Keys[0], m.Value, quoted(plain([]byte(m.other))))
		}
	}
	return nil
}
