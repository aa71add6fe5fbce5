package shape

import (
	"maps"
	"slices"
)

// Clone returns a copy that shares no memory with s.
func (s *Shape) Clone() *Shape {
	c := *s
	c.Files = slices.Clone(s.Files)
	if s.License != nil {
		license := *s.License
		c.License = &license
	}
	c.Selection = s.Selection.Clone()
	c.Config = s.Config.Clone()
	c.Metadata.Tags = slices.Clone(s.Metadata.Tags)
	c.SourceData = slices.Clone(s.SourceData)
	return &c
}

// Diff names what a user would see changed from a to b, in the order of the
// form, with the names that validation uses. What the program keeps for itself
// (version, times, session, files of the last run) is not compared; other
// spellings of the same selection or settings are no change.
func Diff(a, b *Shape) []string {
	var changed []string
	note := func(name string, same bool) {
		if !same {
			changed = append(changed, name)
		}
	}
	note("metadata.title", a.Metadata.Title == b.Metadata.Title)
	note("metadata.attribution", a.Metadata.Attribution == b.Metadata.Attribution)
	note("metadata.tags", slices.Equal(a.Metadata.Tags, b.Metadata.Tags))
	note("source", a.Source == b.Source)
	note("files", slices.Equal(a.Files, b.Files))
	note("license", a.License.equal(b.License))
	x, y := a.Config.Canonical(), b.Config.Canonical()
	for _, f := range Fields() {
		note(f.Name, f.Get(&x) == f.Get(&y))
	}
	note("template", a.Template == b.Template)
	note("clearCache", a.ClearCache == b.ClearCache)
	note("style.fill", a.Style.Fill == b.Style.Fill)
	note("style.line", a.Style.Line == b.Style.Line)
	note("style.width", a.Style.Width == b.Style.Width)
	note("style.opacity", a.Style.Opacity == b.Style.Opacity)
	note("selection", a.Selection.Equal(b.Selection))
	return changed
}

func (c *Consent) equal(d *Consent) bool {
	if c == nil || d == nil {
		return c == d
	}
	x, y := *c, *d
	if x.When.Equal(y.When) { // == would compare time zones too
		x.When = y.When
	}
	return x == y
}

// Equal reports whether s and t want the same.
func (s Selection) Equal(t Selection) bool {
	return maps.EqualFunc(s.Canonical(), t.Canonical(), slices.Equal)
}
