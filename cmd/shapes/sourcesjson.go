package main

import (
	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/engine"
)

type sourceJSON struct {
	Source   string       `json:"source"`
	Name     string       `json:"name"`
	Summary  string       `json:"summary"`
	Homepage string       `json:"homepage"`
	Vintage  string       `json:"vintage,omitempty"`
	Formats  []string     `json:"formats"`
	Licence  licenceJSON  `json:"licence"`
	Policy   string       `json:"policy,omitempty"`
	Choices  []choiceJSON `json:"variants,omitempty"`
}

type licenceJSON struct {
	Name          string `json:"name"`
	Original      string `json:"original,omitempty"`
	URL           string `json:"url,omitempty"`
	Text          string `json:"text,omitempty"`
	Attribution   string `json:"attribution,omitempty"`
	ShareAlike    bool   `json:"share_alike,omitempty"`
	NoSharing     bool   `json:"no_sharing,omitempty"`
	NonCommercial bool   `json:"non_commercial,omitempty"`
	Consent       bool   `json:"consent,omitempty"` // to be accepted before anything is fetched
}

type choiceJSON struct {
	Key     string   `json:"key"`
	Default string   `json:"default"`
	Values  []string `json:"values"`
}

func licenceOf(l source.License) licenceJSON {
	return licenceJSON{l.Name, l.Original, l.URL, l.Text, l.Attribution, l.ShareAlike, l.NoSharing, l.NonCommercial, l.Consent}
}

func sourcesOf(all []source.About) []sourceJSON {
	out := make([]sourceJSON, 0, len(all))
	for _, a := range all {
		s := sourceJSON{
			Source: string(a.Source), Name: a.Name, Summary: a.Summary, Homepage: a.Homepage, Vintage: a.Vintage,
			Formats: a.Formats, Licence: licenceOf(a.License), Policy: a.Policy,
		}
		for _, c := range a.Choices {
			s.Choices = append(s.Choices, choiceJSON{c.Key, c.Default, valuesOf(c)})
		}
		out = append(out, s)
	}
	return out
}

func valuesOf(c source.Choice) []string {
	var out []string
	for _, value := range c.Values {
		out = append(out, value.Value)
	}
	return out
}

type offerJSON struct {
	Country string      `json:"country"`
	Name    string      `json:"name"`
	Level   uint8       `json:"level"`
	Title   string      `json:"title,omitempty"`
	Vintage string      `json:"vintage,omitempty"`
	Units   int         `json:"units,omitempty"`
	Bytes   int64       `json:"bytes,omitempty"`
	Cached  bool        `json:"cached,omitempty"`
	Licence licenceJSON `json:"licence"`
	Sources []string    `json:"sources,omitempty"`
}

func offersOf(m engine.Matrix) []offerJSON {
	out := []offerJSON{}
	for _, r := range m.Rows {
		for _, o := range r.Cells {
			out = append(out, offerJSON{
				r.Country.Code, r.Country.Name, o.Level, o.Title, o.Vintage, o.Units, o.Bytes, o.Cached, licenceOf(o.License), o.Sources,
			})
		}
	}
	return out
}
