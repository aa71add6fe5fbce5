// Package tileset keeps the tiles of one node in one bbolt file: built beside
// the old one, swapped in whole, and read from then on.
package tileset

// Meta describes a tileset, whatever carries it. It is what TileJSON,
// MBTiles and PMTiles ask for, in one form.
type Meta struct {
	Name        string        `json:"name"`
	Description string        `json:"description,omitempty"`
	Attribution string        `json:"attribution,omitempty"` // HTML
	Generator   string        `json:"generator,omitempty"`   // program and version
	MinZoom     uint8         `json:"minzoom"`
	MaxZoom     uint8         `json:"maxzoom"`
	Bounds      [4]float64    `json:"bounds"` // west, south, east, north; degrees
	Center      [3]float64    `json:"center"` // longitude, latitude, zoom
	Layers      []VectorLayer `json:"vector_layers"`
	// Extra holds further entries (strings) that archives carry along, such as
	// the count of units too small to draw. Written in key order.
	Extra map[string]string `json:"extra,omitempty"`
}

// VectorLayer describes one layer.
type VectorLayer struct {
	ID          string `json:"id"`
	Description string `json:"description,omitempty"`
	MinZoom     uint8  `json:"minzoom"`
	MaxZoom     uint8  `json:"maxzoom"`
	// Fields maps an attribute to "String", "Number" or "Boolean".
	Fields map[string]string `json:"fields"`
}
