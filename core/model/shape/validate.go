package shape

import (
	"fmt"
	"path/filepath"
	"strconv"
	"unicode"
	"unicode/utf8"
)

// The bounds of what is entered, in characters unless said otherwise.
const (
	maxTitle       = 255
	maxAttribution = 10_000
	maxTags        = 64
	maxTag         = 64
	maxFiles       = 1024
	maxWidth       = 64 // pixels
)

// Validate returns an *InvalidError that names every field that is wrong, in
// the order of the form; nil if all are well.
func (s *Shape) Validate() error {
	var v Invalid
	for step := range Step(StepCount) {
		s.validate(step, &v)
	}
	return v.Err()
}

// ValidateStep is Validate for one step of the form.
func (s *Shape) ValidateStep(step Step) error {
	var v Invalid
	s.validate(step, &v)
	return v.Err()
}

func (s *Shape) validate(step Step, v *Invalid) {
	switch step {
	case StepName:
		s.Metadata.validate(v)
	case StepSource:
		s.validateSource(v)
	case StepLicense:
		s.validateLicense(v)
	case StepProcessing:
		v.AddAll(step, "", "", s.Config.Validate())
		s.Style.validate(v)
	case StepSelection:
		s.Selection.validate(v)
	}
}

func (s *Shape) validateSource(v *Invalid) {
	why := ""
	if _, known := TermsOf(s.Source); !known {
		why = "must be sample, local, naturalearth, geoboundaries, gadm or osm"
	}
	v.Add(StepSource, "source", string(s.Source), why)
	switch {
	case s.Source == Local && len(s.Files) == 0:
		v.Add(StepSource, "files", "", "at least one file must be named")
	case s.Source != Local && len(s.Files) > 0:
		v.Add(StepSource, "files", s.Files[0].Path, "only source local has files")
	case len(s.Files) > maxFiles:
		v.Add(StepSource, "files", strconv.Itoa(len(s.Files)), fmt.Sprintf("must be %d files at most", maxFiles))
	default:
		s.validateFiles(v)
	}
}

func (s *Shape) validateFiles(v *Invalid) {
	first := map[File]int{}
	for i, f := range s.Files {
		why := ""
		switch j, twice := first[f]; {
		case !filepath.IsAbs(f.Path):
			why = "must be an absolute path"
		case len(f.Layer) > maxLayerName || !plain(f.Layer):
			why = fmt.Sprintf("the layer's name must be up to %d bytes without control characters", maxLayerName)
		case twice:
			why = fmt.Sprintf("is the same as files[%d]", j)
		}
		first[f] = i
		v.Add(StepSource, fmt.Sprintf("files[%d]", i), f.Path, why)
	}
}

func (m Metadata) validate(v *Invalid) {
	limit := func(field, text string, most int) {
		if utf8.RuneCountInString(text) > most || !utf8.ValidString(text) {
			v.Add(StepName, field, text, fmt.Sprintf("must be text of up to %d characters", most))
		}
	}
	limit("metadata.title", m.Title, maxTitle)
	limit("metadata.attribution", m.Attribution, maxAttribution)
	if len(m.Tags) > maxTags {
		v.Add(StepName, "metadata.tags", strconv.Itoa(len(m.Tags)), fmt.Sprintf("must be %d tags at most", maxTags))
		return
	}
	first := map[string]bool{}
	for i, tag := range m.Tags {
		if n := utf8.RuneCountInString(tag); n < 1 || n > maxTag || !plain(tag) || first[tag] {
			v.Add(StepName, fmt.Sprintf("metadata.tags[%d]", i), tag, fmt.Sprintf("must be 1 to %d characters, each tag once", maxTag))
		}
		first[tag] = true
	}
}

func (s Style) validate(v *Invalid) {
	colour := func(field, text string) {
		if text != "" && !isColour(text) {
			v.Add(StepProcessing, field, text, "must be #rrggbb, or empty for the theme's")
		}
	}
	colour("style.fill", s.Fill)
	colour("style.line", s.Line)
	if !(s.Width >= 0 && s.Width <= maxWidth) {
		v.Add(StepProcessing, "style.width", fmt.Sprint(s.Width), fmt.Sprintf("must be 0 to %d pixels (0: the theme's)", maxWidth))
	}
	if !(s.Opacity >= 0 && s.Opacity <= 1) {
		v.Add(StepProcessing, "style.opacity", fmt.Sprint(s.Opacity), "must be 0 to 1 (0: the theme's)")
	}
}

func isColour(s string) bool {
	if len(s) != 7 || s[0] != '#' {
		return false
	}
	_, err := strconv.ParseUint(s[1:], 16, 32)
	return err == nil
}

// plain reports whether text is UTF-8 without control characters.
func plain(text string) bool {
	for _, r := range text {
		if unicode.IsControl(r) {
			return false
		}
	}
	return utf8.ValidString(text)
}
