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

// part is what a user can set in a Shape, under the name that validation uses.
type part struct {
	name string
	same func(a, b *Shape) bool
}

// plainPart is a part that == compares.
func plainPart[T comparable](name string, at func(*Shape) *T) part {
	return part{name, func(a, b *Shape) bool { return *at(a) == *at(b) }}
}

func listPart[T comparable](name string, at func(*Shape) *[]T) part {
	return part{name, func(a, b *Shape) bool { return slices.Equal(*at(a), *at(b)) }}
}

// settingPart is a field of the Config.
func settingPart(f Field) part {
	return part{f.Name, func(a, b *Shape) bool { return f.Get(&a.Config) == f.Get(&b.Config) }}
}

// parts are all that a user can set, in the order of the form.
func parts() []part {
	all := []part{
		plainPart("metadata.title", func(s *Shape) *string { return &s.Metadata.Title }),
		plainPart("metadata.attribution", func(s *Shape) *string { return &s.Metadata.Attribution }),
		listPart("metadata.tags", func(s *Shape) *[]string { return &s.Metadata.Tags }),
		plainPart("source", func(s *Shape) *Source { return &s.Source }),
		plainPart("variant", func(s *Shape) *Variant { return &s.Variant }),
		listPart("files", func(s *Shape) *[]File { return &s.Files }),
		{"license", func(a, b *Shape) bool { return a.License.equal(b.License) }},
	}
	for _, f := range Fields() {
		all = append(all, settingPart(f))
	}
	return append(all,
		plainPart("template", func(s *Shape) *string { return &s.Template }),
		plainPart("clearCache", func(s *Shape) *bool { return &s.ClearCache }),
		plainPart("style.fill", func(s *Shape) *string { return &s.Style.Fill }),
		plainPart("style.line", func(s *Shape) *string { return &s.Style.Line }),
		plainPart("style.width", func(s *Shape) *float64 { return &s.Style.Width }),
		plainPart("style.opacity", func(s *Shape) *float64 { return &s.Style.Opacity }),
		part{"selection", func(a, b *Shape) bool { return a.Selection.Equal(b.Selection) }},
	)
}

// Diff names what a user would see changed from a to b, in the order of the
// form, with the names that validation uses. What the program keeps for itself
// (version, times, session, files of the last run) is not compared; other
// spellings of the same selection or settings are no change.
func Diff(a, b *Shape) []string {
	x, y := *a, *b
	x.Config, y.Config = a.Config.Canonical(), b.Config.Canonical()
	var changed []string
	for _, p := range parts() {
		if !p.same(&x, &y) {
			changed = append(changed, p.name)
		}
	}
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
