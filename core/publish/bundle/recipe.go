package bundle

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/shapes-desktop/shapes/core/model/shape"
)

// The names below are the archive's format: fields may be added with a new
// Version, never renamed. Durations are texts such as "5m0s".
//
// Consent says who accepted a licence by the account's name, and files are
// named by their absolute paths: both are in an archive as they are on the
// machine that made it, and nothing else of that machine is.

type recipe struct {
	Source     string             `json:"source"`
	Files      []recipeFile       `json:"files,omitempty"`
	Consent    *recipeConsent     `json:"consent,omitempty"`
	Selection  map[string][]level `json:"selection,omitempty"` // ISO 3166 alpha-3 or "*": levels
	Config     recipeConfig       `json:"config"`
	Variant    recipeVariant      `json:"variant,omitzero"`
	ClearCache bool               `json:"clearCache,omitzero"`
	Style      recipeStyle        `json:"style"`
	Metadata   recipeMetadata     `json:"metadata"`
}

// level is an administrative level or a zoom; its own type keeps lists of them
// from being written as base64.
type level uint16

type recipeFile struct {
	Path  string `json:"path"`
	Layer string `json:"layer,omitempty"`
}

type recipeConsent struct {
	Source string    `json:"source"`
	Name   string    `json:"name"`
	Text   string    `json:"text,omitempty"`
	URL    string    `json:"url,omitempty"`
	Who    string    `json:"who"`
	When   time.Time `json:"when"`
}

type recipeStyle struct {
	Fill    string  `json:"fill,omitempty"`
	Line    string  `json:"line,omitempty"`
	Width   float64 `json:"width,omitzero"`
	Opacity float64 `json:"opacity,omitzero"`
}

type recipeMetadata struct {
	Title       string   `json:"title,omitempty"`
	Attribution string   `json:"attribution,omitempty"`
	Tags        []string `json:"tags,omitempty"`
}

type recipeVariant struct {
	Scale     string `json:"scale,omitempty"`
	Worldview string `json:"worldview,omitempty"`
	Release   string `json:"release,omitempty"`
	Detail    string `json:"detail,omitempty"`
}

type recipeConfig struct {
	Download struct {
		Concurrency int    `json:"concurrency"`
		Timeout     string `json:"timeout"`
		Retries     int    `json:"retries"`
		RetryDelay  string `json:"retryDelay"`
		Keep        bool   `json:"keep"`
		Originals   bool   `json:"originals,omitempty"`
	} `json:"download"`
	Simplify1 struct {
		Concurrency                 int     `json:"concurrency"`
		Algorithm                   string  `json:"algorithm"`
		MinArea                     float64 `json:"minArea"`
		MinVertexCountForAreaFilter int     `json:"minVertexCountForAreaFilter"`
		AspectRatioThreshold        float64 `json:"aspectRatioThreshold"`
		FilterMethod                string  `json:"filterMethod"`
		MaxVertices                 int     `json:"maxVertices"`
	} `json:"simplify1"`
	Simplify2 struct {
		Concurrency      int     `json:"concurrency"`
		Tolerance        float64 `json:"tolerance"`
		PreserveTopology bool    `json:"preserveTopology"`
		Quantize         int     `json:"quantize"`
	} `json:"simplify2"`
	VectorTiles struct {
		Concurrency                   int              `json:"concurrency"`
		MinZoom                       map[string]level `json:"minzoom,omitempty"` // by level
		MaxZoom                       int              `json:"maxzoom"`
		Extent                        int              `json:"extent"`
		Buffer                        int              `json:"buffer"`
		Compression                   string           `json:"compression"`
		TileCountThresholdForZoomStop int              `json:"tileCountThresholdForZoomStop"`
		Layers                        []string         `json:"layers,omitempty"`
		Small                         string           `json:"small"`
	} `json:"vectorTiles"`
	KeepIntermediates bool `json:"keepIntermediates"`
}

// write turns settings into what the archive says of them.
func write(s *shape.Shape) recipe {
	r := recipe{
		Source: string(s.Source), Variant: recipeVariant(s.Variant), ClearCache: s.ClearCache, Config: writeConfig(&s.Config),
		Style:    recipeStyle{s.Style.Fill, s.Style.Line, s.Style.Width, s.Style.Opacity},
		Metadata: recipeMetadata{s.Metadata.Title, s.Metadata.Attribution, s.Metadata.Tags},
	}
	for _, f := range s.Files {
		r.Files = append(r.Files, recipeFile{f.Path, f.Layer})
	}
	if c := s.License; c != nil {
		r.Consent = &recipeConsent{string(c.Source), c.Name, c.Text, c.URL, c.Who, c.When.UTC()}
	}
	if s.Selection != nil {
		r.Selection = map[string][]level{}
	}
	for country, levels := range s.Selection {
		list := make([]level, len(levels))
		for i, l := range levels {
			list[i] = level(l)
		}
		r.Selection[country] = list
	}
	return r
}

func writeConfig(c *shape.Config) (r recipeConfig) {
	d, s1, s2, v := &r.Download, &r.Simplify1, &r.Simplify2, &r.VectorTiles
	d.Concurrency, d.Retries, d.Keep, d.Originals = c.Download.Concurrency, c.Download.Retries, c.Download.Keep, c.Download.Originals
	d.Timeout, d.RetryDelay = c.Download.Timeout.String(), c.Download.RetryDelay.String()
	s1.Concurrency, s1.Algorithm, s1.MinArea = c.Simplify1.Concurrency, string(c.Simplify1.Algorithm), c.Simplify1.MinArea
	s1.MinVertexCountForAreaFilter = c.Simplify1.MinVertexCountForAreaFilter
	s1.AspectRatioThreshold, s1.FilterMethod = c.Simplify1.AspectRatioThreshold, string(c.Simplify1.FilterMethod)
	s1.MaxVertices = c.Simplify1.MaxVertices
	s2.Concurrency, s2.Tolerance = c.Simplify2.Concurrency, c.Simplify2.Tolerance
	s2.PreserveTopology, s2.Quantize = c.Simplify2.PreserveTopology, c.Simplify2.Quantize
	t := &c.VectorTiles
	v.Concurrency, v.MaxZoom, v.Extent, v.Buffer = t.Concurrency, t.MaxZoom, t.Extent, t.Buffer
	v.Compression, v.Layers, v.Small = string(t.Compression), t.Layers, t.Small
	v.TileCountThresholdForZoomStop = t.TileCountThresholdForZoomStop
	if t.MinZoom != nil {
		v.MinZoom = map[string]level{}
	}
	for l, zoom := range t.MinZoom {
		v.MinZoom[strconv.Itoa(int(l))] = level(zoom)
	}
	r.KeepIntermediates = c.KeepIntermediates
	return r
}

// read turns what an archive says into settings; the error names the field.
func (r *recipe) read() (*shape.Shape, error) {
	config, err := r.Config.read()
	if err != nil {
		return nil, err
	}
	s := &shape.Shape{
		Source: shape.Source(r.Source), Variant: shape.Variant(r.Variant), ClearCache: r.ClearCache, Config: config,
		Style:    shape.Style{Fill: r.Style.Fill, Line: r.Style.Line, Width: r.Style.Width, Opacity: r.Style.Opacity},
		Metadata: shape.Metadata{Title: r.Metadata.Title, Attribution: r.Metadata.Attribution, Tags: unlessEmpty(r.Metadata.Tags)},
	}
	for _, f := range r.Files {
		s.Files = append(s.Files, shape.File{Path: f.Path, Layer: f.Layer})
	}
	if c := r.Consent; c != nil {
		if !isTime(c.When) {
			return nil, errors.New("consent.when: its year is not one of 0 to 9999")
		}
		s.License = &shape.Consent{Source: shape.Source(c.Source), Name: c.Name, Text: c.Text, URL: c.URL, Who: c.Who, When: c.When.UTC()}
	}
	if len(r.Selection) > 0 {
		s.Selection = shape.Selection{}
	}
	for country, levels := range r.Selection {
		list := make([]uint8, len(levels))
		for i, l := range levels {
			if list[i] = uint8(l); level(list[i]) != l {
				return nil, fmt.Errorf("selection of %s: level %d is not one of 0 to %d", country, l, shape.MaxLevel)
			}
		}
		s.Selection[country] = list
	}
	return s, nil
}

func (r *recipeConfig) read() (c shape.Config, err error) {
	d, s1, s2, v := &r.Download, &r.Simplify1, &r.Simplify2, &r.VectorTiles
	c.Download = shape.Download{Concurrency: d.Concurrency, Retries: d.Retries, Keep: d.Keep, Originals: d.Originals}
	if c.Download.Timeout, err = time.ParseDuration(d.Timeout); err != nil {
		return c, fmt.Errorf("config.download.timeout: %w", err)
	}
	if c.Download.RetryDelay, err = time.ParseDuration(d.RetryDelay); err != nil {
		return c, fmt.Errorf("config.download.retryDelay: %w", err)
	}
	c.Simplify1 = shape.Simplify1{
		Concurrency: s1.Concurrency, Algorithm: shape.Algorithm(s1.Algorithm), MinArea: s1.MinArea,
		MinVertexCountForAreaFilter: s1.MinVertexCountForAreaFilter, AspectRatioThreshold: s1.AspectRatioThreshold,
		FilterMethod: shape.FilterMethod(s1.FilterMethod), MaxVertices: s1.MaxVertices,
	}
	c.Simplify2 = shape.Simplify2{
		Concurrency: s2.Concurrency, Tolerance: s2.Tolerance, PreserveTopology: s2.PreserveTopology, Quantize: s2.Quantize,
	}
	c.VectorTiles = shape.VectorTiles{
		Concurrency: v.Concurrency, MaxZoom: v.MaxZoom, Extent: v.Extent, Buffer: v.Buffer,
		Compression:                   shape.Compression(v.Compression),
		TileCountThresholdForZoomStop: v.TileCountThresholdForZoomStop, Layers: unlessEmpty(v.Layers), Small: v.Small,
	}
	c.KeepIntermediates = r.KeepIntermediates
	if len(v.MinZoom) > 0 {
		c.VectorTiles.MinZoom = map[uint8]uint8{}
	}
	for name, zoom := range v.MinZoom {
		l, err := strconv.ParseUint(name, 10, 8)
		if err != nil || zoom > 255 || strconv.FormatUint(l, 10) != name {
			return c, fmt.Errorf("config.vectorTiles.minzoom: %q: %d is no level and zoom", name, zoom)
		}
		c.VectorTiles.MinZoom[uint8(l)] = uint8(zoom)
	}
	return c, nil
}

// unlessEmpty returns nil for a list without texts: the two mean the same, and
// are written the same.
func unlessEmpty(list []string) []string {
	if len(list) == 0 {
		return nil
	}
	return list
}
