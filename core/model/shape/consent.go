package shape

import (
	"strings"
	"time"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// Terms are what a source asks of who uses it.
type Terms struct {
	Source Source
	Name   string // of the licence
	Text   string // for people: what may be done, in a few sentences
	URL    string
	// Required: the boundaries may not be fetched before the terms are accepted.
	Required bool
	// Share: what is made of it may be given to others, under the same terms if
	// ShareAlike.
	Share      bool
	ShareAlike bool
}

// TermsOf returns the terms of a source; false if there is no such source. A
// source whose licence differs from layer to layer shows those when it knows
// them.
func TermsOf(s Source) (Terms, bool) {
	t := Terms{Source: s, Required: true, Share: true}
	switch s {
	case Sample, NaturalEarth:
		t.Name, t.URL = "Public domain", "https://www.naturalearthdata.com/about/terms-of-use/"
		t.Text = "Made with Natural Earth. Free for any use, without credit."
		t.Required = false
	case Local:
		t.Name, t.Text = "Your own files", "You answer for the right to use these files and to share what is made of them. Give the attribution that they ask for."
		t.Required = false
	case GeoBoundaries:
		t.Name, t.URL = "Open licences, by layer", "https://www.geoboundaries.org"
		t.Text = "Each layer has a licence of its own; some ask that what is made of them is shared alike. Name geoBoundaries and the source of each layer."
		t.ShareAlike = true
	case GADM:
		t.Name, t.URL = "GADM: non-commercial", "https://gadm.org/license.html"
		t.Text = "Free for academic and other non-commercial use. Redistribution or commercial use is not allowed without prior permission."
		t.Share = false
	case OpenStreetMap:
		t.Name, t.URL = "ODbL 1.0", "https://www.openstreetmap.org/copyright"
		t.Text = "Credit “© OpenStreetMap contributors” with a link. Data made of it may be shared under the same licence."
		t.ShareAlike = true
	default:
		return Terms{}, false
	}
	return t, true
}

// Accept records that who accepted the terms.
func (t Terms) Accept(who string, when time.Time) *Consent {
	return &Consent{Source: t.Source, Name: t.Name, Text: t.Text, URL: t.URL, Who: who, When: when}
}

// SpeaksOf reports whether a licence was shown to who gave the consent: it is the
// one of the terms, or the text lists it among those of the layers.
func (c *Consent) SpeaksOf(license string) bool {
	if c.Name == license {
		return true
	}
	for _, before := range [2]string{": ", ", "} {
		for _, after := range [2]string{" (", "."} {
			if strings.Contains(c.Text, before+license+after) {
				return true
			}
		}
	}
	return false
}

// SetSource makes source the origin of boundaries. What belongs to another
// source only goes: its files, its variant, and the consent to its licence.
func (s *Shape) SetSource(source Source) {
	if s.License != nil && s.License.Source != source {
		s.License = nil
	}
	if source != Local {
		s.Files = nil
	}
	if source != s.Source {
		s.Variant = Variant{}
	}
	s.Source = source
}

// validateLicense notes what is missing of the consent.
func (s *Shape) validateLicense(v *Invalid) {
	t, known := TermsOf(s.Source)
	if !known || !t.Required {
		return // validateSource tells of the first
	}
	switch c := s.License; {
	case c == nil:
		v.Add(StepLicense, "license", "", "the licence ("+t.Name+") must be accepted first")
	case c.Source != s.Source:
		v.Add(StepLicense, "license", string(c.Source), "what was accepted is the licence of another source; accept that of "+string(s.Source))
	case c.Who == "" || c.When.IsZero():
		v.Add(StepLicense, "license", c.Who, "who accepted it and when must be recorded")
	}
}

// Consents returns the table of the last consent to each source's terms, by
// source: for what is fetched without a shape.
func Consents() *kv.Table[Consent] {
	return &kv.Table[Consent]{
		Name: "consents", Version: 1,
		Key: func(c *Consent) kv.Key { return kv.Key(nil).Str(string(c.Source)) },
	}
}
