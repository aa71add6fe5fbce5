package geoboundaries

import (
	"html"
	"strings"

	"github.com/shapes-desktop/shapes/core/acquire/source"
)

// What must be said beside a map.
const (
	credit    = `<a href="https://www.geoboundaries.org">geoBoundaries</a>`
	creditOSM = `<a href="https://www.openstreetmap.org/copyright">&copy; OpenStreetMap contributors</a>`
	// creditMark stands between credits, one for each that must be named.
	creditMark = " | "
)

// license returns the licence of a layer, with the words of geoBoundaries and
// the credits that it needs. Where the words are none that this program knows,
// it supposes the worst.
func (p *Provider) license(l Layer) source.License {
	out, known := p.terms[fold(l.License)]
	if !known {
		out = unknownTerms(l.License)
	}
	if words := originalWords(l); words != out.Name {
		out.Original = words
	}
	if address := webAddress(l.LicenseSource); address != "" {
		if out.URL == "" {
			out.URL = address
		}
		out.Text += " Stated at " + address + "."
	}
	if out.URL == "" {
		out.URL = homepage
	}
	if strings.Contains(fold(l.Source), "gadm") {
		out.Text += " Its makers took it from GADM, whose own terms allow neither commerce nor redistribution: ask before you share it."
		out.Consent = true
	}
	out.Attribution = attribution(l, out)
	return out
}

// Shareable reports whether what is made of a layer may be given to others, by
// the name that its licence has in offers and requests: what was told when the
// layer was fetched, whatever the matrix says now. Of a licence that this
// program does not know that is not known, and so not allowed.
func (p *Provider) Shareable(license string) bool {
	known := false
	for _, l := range p.terms {
		if l.Name == license {
			if l.NoSharing {
				return false
			}
			known = true
		}
	}
	return known
}

// originalWords are the licence and what geoBoundaries notes beside it.
func originalWords(l Layer) string {
	if l.LicenseDetail == "" || fold(l.LicenseDetail) == fold(l.License) {
		return l.License
	}
	if l.License == "" {
		return l.LicenseDetail
	}
	return l.License + "; " + l.LicenseDetail
}

func attribution(l Layer, terms source.License) string {
	parts := []string{credit}
	for _, s := range sourcesOf(l) {
		parts = append(parts, html.EscapeString(s))
	}
	if terms.Name == odbl || ofOSM(l) {
		parts = append(parts, creditOSM)
	}
	return strings.Join(parts, creditMark)
}

// sourcesOf returns who made a layer. One text, though it may name several:
// commas stand between them, but inside their names too.
func sourcesOf(l Layer) []string {
	if l.Source == "" || fold(l.Source) == "geoboundaries" {
		return nil
	}
	return []string{l.Source}
}

// ofOSM reports whether a layer was made from OpenStreetMap, which is to be
// credited whatever licence geoBoundaries has noted.
func ofOSM(l Layer) bool {
	for _, s := range []string{fold(l.Source), fold(l.LicenseSource)} {
		for _, name := range []string{"openstreetmap", "open street map", "osm boundaries", "osm-boundaries", "wambacher"} {
			if strings.Contains(s, name) {
				return true
			}
		}
	}
	return false
}

// fold makes words comparable that differ in case and spaces only.
func fold(s string) string { return strings.ToLower(clean(s)) }

const notStated = "Other: not stated"

func unknownTerms(words string) source.License {
	name := notStated
	if words != "" {
		name = "Other: " + words
	}
	return source.License{
		Name: name,
		Text: "This program does not know these terms. Read them before you use the layer; until then nothing that is made of it may be given to others.",
		// Whether others may have it is not known.
		NoSharing: true, Consent: true,
	}
}
