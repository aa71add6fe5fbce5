// Package sample holds the bundled world: the countries and first-level units
// of Natural Earth 1:10m as one gzipped TopoJSON file, whose two objects
// ("adm0" and "adm1") share every border because they share its arcs.
// tools/sample derives it; docs/adr/0002-bundled-sample.md says how and why.
package sample

import (
	"compress/gzip"
	_ "embed"
	"fmt"
	"hash/fnv"
	"io"
	"strings"
)

// What people are told about the data.
const (
	Name        = "World (Natural Earth 1:10m)"
	Attribution = `Made with <a href="https://www.naturalearthdata.com">Natural Earth</a>` // HTML
	License     = "Public domain"
	Vintage     = "Natural Earth 5.1"
)

// The objects of the file, which are the layers of its tiles.
const (
	LayerCountries = "adm0"
	LayerUnits     = "adm1"
)

// FileName is what the data is called in messages.
const FileName = "world.topojson.gz"

// The fonts follow the names, so they are made anew after the sample.
//
//go:generate npm --prefix ../../tools/sample ci --no-audit --no-fund
//go:generate npm --prefix ../../tools/sample run generate
//go:generate /usr/bin/python3 ../../tools/fonts/subset.py

//go:embed world.topojson.gz
var packed string

// Size is the number of bytes that the data takes in the program.
func Size() int { return len(packed) }

// Gzipped returns a reader of the data as it is embedded. Each reader starts
// at the beginning; readers do not disturb each other.
func Gzipped() io.Reader { return strings.NewReader(packed) }

// Open returns a reader of the TopoJSON text, about 9 MB. The error of a
// damaged program file comes from Open or from Read.
func Open() (io.ReadCloser, error) {
	r, err := gzip.NewReader(strings.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", FileName, err)
	}
	return r, nil
}

// FeatureID is the id of the feature with this code, in either layer: FNV-1a,
// 64 bits, over the UTF-8 bytes of "naturalearth:" and the code, shifted right
// by 11. That leaves 53 bits, which JavaScript holds exactly. It is never 0.
// tools/sample/id.mjs computes the same.
func FeatureID(code string) uint64 {
	h := fnv.New64a()
	io.WriteString(h, "naturalearth:"+code) // a hash never fails
	return max(h.Sum64()>>11, 1)
}
