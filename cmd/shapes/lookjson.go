package main

import (
	"time"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/session"
)

// The types of --json of what is looked at: see json.go.

type featureJSON struct {
	ID         uint64     `json:"id"` // number in the run
	TileID     uint64     `json:"tile_id,omitempty"`
	Name       string     `json:"name,omitempty"`
	Country    string     `json:"country,omitempty"`
	Level      *int       `json:"level,omitempty"`
	Type       string     `json:"type"`
	BBox       [4]float64 `json:"bbox"`
	Centroid   [2]float64 `json:"centroid"`
	Area       float64    `json:"area_km2"`
	Perimeter  float64    `json:"perimeter_km"`
	Complexity float64    `json:"complexity"` // vertices for each km
	Buffer     string     `json:"buffer"`
	Queries    int        `json:"queries,omitempty"`
	Queried    *time.Time `json:"queried,omitempty"`
	Simplified bool       `json:"simplified"`

	// Of one that is simplified:

	Quality          *float64 `json:"quality,omitempty"`
	SourceComplexity *float64 `json:"source_complexity,omitempty"`
	GeometryBytes    int      `json:"geometry_bytes,omitempty"`
	Compression      float64  `json:"compression,omitempty"`
	Place            string   `json:"place,omitempty"` // in the source, from 0
}

func featureOf(x engine.Feature) featureJSON {
	out := featureJSON{
		ID: x.ID, TileID: x.TileID, Name: x.Name, Country: x.Country, Type: string(x.Type), BBox: x.BBox, Centroid: x.Centroid,
		Area: millionths(x.Area), Perimeter: millionths(x.Perimeter), Complexity: millionths(x.Complexity), Buffer: x.Buffer,
		Queries: x.Queries, Queried: moment(x.Queried), Simplified: x.Made,
	}
	if x.Level >= 0 {
		out.Level = &x.Level
	}
	if x.Made {
		quality, complexity := millionths(x.Quality), millionths(x.OriginalComplexity)
		out.Quality, out.SourceComplexity = &quality, &complexity
		out.GeometryBytes, out.Compression, out.Place = x.GeometryBytes, millionths(x.Compression), x.Place
	}
	return out
}

type bufferJSON struct {
	ID          string      `json:"id"`
	Task        string      `json:"task"`
	Type        string      `json:"type"`
	Format      string      `json:"format"`
	Packing     string      `json:"packing"`
	Bytes       int64       `json:"bytes"`
	PackedBytes int64       `json:"packed_bytes"`
	Features    int         `json:"features,omitempty"`
	Simplified  *int        `json:"simplified,omitempty"` // of raw ones
	BBox        *[4]float64 `json:"bbox,omitempty"`
	CRS         string      `json:"crs,omitempty"`
	Created     *time.Time  `json:"created"`
	Expires     *time.Time  `json:"expires,omitempty"`
	Expired     bool        `json:"expired,omitempty"`
	Took        float64     `json:"took_seconds,omitempty"`
	SHA256      string      `json:"sha256"`
}

func bufferOf(b engine.Buffer) bufferJSON {
	out := bufferJSON{
		ID: b.ID, Task: b.Task, Type: string(b.Type), Format: string(b.Format), Packing: string(b.Packing),
		Bytes: b.OriginalSize, PackedBytes: b.CompressedSize, Features: b.Features, CRS: b.CRS,
		Created: moment(b.Created), Expires: moment(b.Expires), Expired: b.Expired, Took: millionths(b.Took.Seconds()), SHA256: b.Checksum,
	}
	if b.BBox != [4]float64{} {
		out.BBox = &b.BBox
	}
	if b.Type == session.Raw {
		out.Simplified = &b.Made
	}
	return out
}

type makeupJSON struct {
	Tile      string        `json:"tile"`
	Task      string        `json:"task"`
	Status    string        `json:"status"`
	Bytes     int64         `json:"bytes"` // of geometry
	Clip      [4]float64    `json:"clip"`
	Quality   float64       `json:"quality"`
	Generated *time.Time    `json:"generated"`
	Took      float64       `json:"took_seconds"`
	Features  []featureJSON `json:"features"`
}

func makeupOf(m engine.TileMakeup, tile string) makeupJSON {
	out := makeupJSON{
		Tile: tile, Task: m.Task, Status: string(m.Status), Bytes: m.Size, Clip: m.ClipBounds, Quality: millionths(m.Quality),
		Generated: moment(m.Generated), Took: millionths(m.Took.Seconds()), Features: []featureJSON{},
	}
	for _, x := range m.Parts {
		out.Features = append(out.Features, featureOf(x))
	}
	return out
}

type layerJSON struct {
	Name     string   `json:"name"`
	Features int      `json:"features"`
	Version  uint32   `json:"version"`
	Extent   uint32   `json:"extent"`
	Keys     []string `json:"keys"`
	Values   int      `json:"values"` // how many different ones
}

type tileJSON struct {
	Tile          string      `json:"tile"`
	Layers        []layerJSON `json:"layers"`
	Features      int         `json:"features"`
	Bytes         int         `json:"bytes"`
	PlainBytes    int         `json:"plain_bytes"`
	ETag          string      `json:"etag"`
	VisualQuality *float64    `json:"visual_quality,omitempty"`
	Performance   float64     `json:"performance"`
	Source        string      `json:"source,omitempty"` // the task
	Created       *time.Time  `json:"created,omitempty"`
	Requests      *uint64     `json:"requests,omitempty"` // none if they are not known
	Requested     *time.Time  `json:"requested,omitempty"`
}

func tileOf(r engine.TileRecord) tileJSON {
	out := tileJSON{
		Tile: r.Name, Layers: []layerJSON{}, Features: r.TotalFeatures, Bytes: r.CompressedSize, PlainBytes: r.UncompressedSize,
		ETag: r.ETag, Performance: millionths(r.PerformanceScore),
	}
	for _, l := range r.Layers {
		keys := append([]string{}, l.Keys...)
		out.Layers = append(out.Layers, layerJSON{l.Name, l.Features, l.Version, l.Extent, keys, len(l.Values)})
	}
	if r.HasFacts {
		quality := millionths(r.VisualQuality)
		out.VisualQuality, out.Source, out.Created = &quality, r.Source, moment(r.Created)
	}
	if r.Counted {
		out.Requests, out.Requested = &r.RequestCount, moment(r.LastRequested)
	}
	return out
}
