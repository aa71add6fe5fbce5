package engine

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/geo/mvt"
	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/pipeline"
)

const twoSquares = `{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"name":"west","code":"W"},"geometry":{"type":"Polygon","coordinates":[[[0,0],[10,0],[10,10],[0,10],[0,0]]]}},
{"type":"Feature","properties":{"name":"east","code":"E"},"geometry":{"type":"Polygon","coordinates":[[[10,0],[20,0],[20,10],[10,10],[10,0]]]}}]}`

func write(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestBuildToEachArchive(t *testing.T) {
	dir := t.TempDir()
	in := write(t, dir, "squares.v1.geojson", twoSquares)
	for _, out := range []string{"a.pmtiles", "a.mbtiles", "a"} {
		r := Recipe{Inputs: []Input{{Path: in}}, Out: filepath.Join(dir, out), MaxZoom: 2, Attribution: "<b>me</b>"}
		stats, err := Build(t.Context(), r, nil)
		if err != nil {
			t.Fatal(err)
		}
		if stats.FeaturesIn != 2 || stats.FeaturesOut != 2 || len(stats.Faults) != 0 || stats.OutBytes == 0 || stats.MaxZoom != 2 {
			t.Errorf("%s: %+v", out, stats)
		}
		tiles, err := OpenTiles(t.Context(), r.Out)
		if err != nil {
			t.Fatal(err)
		}
		m := tiles.Meta()
		if m.Name != "squares.v1" || m.Attribution != "<b>me</b>" || m.Generator != Generator || len(m.Layers) != 1 ||
			m.Layers[0].ID != "squares.v1" || m.Bounds != [4]float64{0, 0, 20, 10} {
			t.Errorf("%s: %+v", out, m)
		}
		if names := layerNames(t, tiles); names != "squares.v1" {
			t.Errorf("%s: layers %s", out, names)
		}
		if err := tiles.Close(); err != nil {
			t.Error(err)
		}
	}
}

// layerNames lists the layers of the tile of the whole world.
func layerNames(t *testing.T, tiles Tiles) string {
	t.Helper()
	data, err := tiles.Tile(t.Context(), tile.ID{})
	if err == nil {
		data, err = mvt.Gunzip(data, 1<<20)
	}
	if err != nil {
		t.Fatal(err)
	}
	decoded, err := mvt.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, l := range decoded.Layers {
		names = append(names, l.Name)
	}
	return strings.Join(names, ",")
}

func TestLayersAndAttributes(t *testing.T) {
	dir := t.TempDir()
	in := write(t, dir, "squares.geojson", twoSquares)
	r := Recipe{
		Inputs: []Input{{Path: in}, {Path: in, Layer: "again"}, {Path: in}},
		Out:    filepath.Join(dir, "a.pmtiles"), MaxZoom: 1, Attributes: []string{"code", "nmae"},
	}
	stats, err := Build(t.Context(), r, nil)
	if err != nil {
		t.Fatal(err)
	}
	if stats.Faults[feature.FaultAttribute] != 1 || !strings.Contains(strings.Join(stats.FaultSamples, "\n"), `no feature has a value of "nmae"`) {
		t.Errorf("faults %v, %q", stats.Faults, stats.FaultSamples)
	}
	tiles, err := OpenTiles(t.Context(), r.Out)
	if err != nil {
		t.Fatal(err)
	}
	defer tiles.Close()
	m := tiles.Meta()
	if m.Name != "squares, again" || len(m.Layers) != 2 || len(m.Layers[0].Fields) != 1 || m.Layers[0].Fields["code"] != "String" {
		t.Errorf("%+v", m)
	}
}

func TestUsage(t *testing.T) {
	for name, r := range map[string]Recipe{
		"no output":     {Inputs: []Input{{Path: Sample}}},
		"no input":      {Out: "x"},
		"algorithm":     {Inputs: []Input{{Path: Sample}}, Out: "x", Algorithm: "magic"},
		"small":         {Inputs: []Input{{Path: Sample}}, Out: "x", Small: "eat"},
		"zooms crossed": {Inputs: []Input{{Path: Sample}}, Out: "x", MinZoom: 5, MaxZoom: 4},
	} {
		t.Chdir(t.TempDir())
		if _, err := Build(t.Context(), r, nil); !errors.Is(err, ErrUsage) {
			t.Errorf("%s: %v", name, err)
		}
		if left, _ := os.ReadDir("."); len(left) != 0 {
			t.Errorf("%s: left %v", name, left)
		}
	}
}

// A build that fails or ends early leaves the folder as it was.
func TestBuildLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	good := write(t, dir, "good.geojson", twoSquares)
	cut := write(t, dir, "cut.geojson", twoSquares[:200])
	old := write(t, dir, "old.pmtiles", "old")
	ctx, cancel := context.WithCancel(t.Context())
	for name, run := range map[string]func() error{
		"damaged input": func() error {
			_, err := Build(t.Context(), Recipe{Inputs: []Input{{Path: good}, {Path: cut}}, Out: old, MaxZoom: -1}, nil)
			return err
		},
		"cancelled": func() error {
			_, err := Build(ctx, Recipe{Inputs: []Input{{Path: good}}, Out: old, MaxZoom: 9},
				func(pipeline.Progress) { cancel() })
			if !errors.Is(err, context.Canceled) {
				t.Errorf("cancelled: %v", err)
			}
			return err
		},
	} {
		if run() == nil {
			t.Errorf("%s: no error", name)
		}
		if text, err := os.ReadFile(old); err != nil || string(text) != "old" {
			t.Errorf("%s: the old tiles are now %q, %v", name, text, err)
		}
		if left, _ := os.ReadDir(dir); len(left) != 3 {
			t.Errorf("%s: left %v", name, left)
		}
	}
	cancel()
}
