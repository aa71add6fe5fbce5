package pipeline

import (
	"context"
	"io"
	"runtime"
	"testing"

	"github.com/shapes-desktop/shapes/core/acquire/ingest"
	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/geo/mvt"
	"github.com/shapes-desktop/shapes/core/geo/ring"
	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/resources/sample"
)

// TestRealFiles holds every tile of real boundaries to the invariants, exactly
// and on the integers that a client reads: rings are simple, no two units
// claim the same ground except where the source says so.
func TestRealFiles(t *testing.T) {
	for _, f := range realFiles {
		t.Run(f.name, func(t *testing.T) {
			u, faults := readUnits(t, realPath(t, f.name))
			cfg := DefaultConfig()
			cfg.MaxZoom, cfg.Workers = f.maxZoom, runtime.GOMAXPROCS(0)
			c := &checker{layers: []string{"adm"}, overlaps: map[tile.ID]error{}}
			res, err := Run(context.Background(), u, cfg, c, nil)
			if err != nil {
				t.Fatal(err)
			}
			c.report(t, res, faults)
		})
	}
}

// TestSample holds the bundled sample, both levels together, to them too.
func TestSample(t *testing.T) {
	var faults feature.Faults
	u := NewUnits(&faults)
	data, err := io.ReadAll(sample.Gzipped())
	if err != nil {
		t.Fatal(err)
	}
	seen := map[int]int{}
	if _, err := ingest.ReadBytes(context.Background(), sample.FileName, data, ingest.Options{}, func(layer string, f feature.Feature) error {
		l := u.Layer(layer)
		u.addAt(l, seen[l], f)
		seen[l]++
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	cfg := DefaultConfig()
	cfg.Workers = runtime.GOMAXPROCS(0)
	if testing.Short() {
		cfg.MaxZoom = 3
	}
	c := &checker{layers: []string{"adm0", "adm1"}, overlaps: map[tile.ID]error{}}
	res, err := Run(context.Background(), u, cfg, c, nil)
	if err != nil {
		t.Fatal(err)
	}
	c.report(t, res, &faults)
	if c.differ != nil {
		t.Errorf("levels do not share their borders: %v", c.differ)
	}
}

// checker is an Output that looks at tiles as they come.
type checker struct {
	layers   []string
	tiles    int
	invalid  []error
	overlaps map[tile.ID]error
	differ   error
}

func (c *checker) Put(id tile.ID, data []byte) error {
	c.tiles++
	raw, err := mvt.Gunzip(data, 1<<27)
	if err != nil {
		return err
	}
	tl, err := mvt.Decode(raw)
	if err != nil {
		return err
	}
	var unions []map[ring.Edge]bool
	for _, name := range c.layers {
		fs := find(tl, name).Features
		for _, f := range fs {
			if err := checkRings(f); err != nil {
				c.invalid = append(c.invalid, err)
			}
		}
		net, err := union(fs)
		if err == nil {
			err = checkWinding(net)
		}
		if err != nil {
			c.overlaps[id] = err
			continue
		}
		unions = append(unions, inner(net, 80))
	}
	if len(unions) == 2 && c.differ == nil {
		c.differ = sameEdges(unions[0], unions[1])
	}
	return nil
}

func (c *checker) report(t *testing.T, res Result, faults *feature.Faults) {
	t.Helper()
	for _, f := range faults.Examples(feature.FaultPanic) {
		t.Error(f)
	}
	sourceOverlaps := faults.Count(feature.FaultOverlap)
	for _, z := range res.Zooms {
		n := 0
		for o := range c.overlaps {
			if int(o.Z) == z.Zoom {
				n++
				if n <= 2 {
					t.Logf("%v: %v", o, c.overlaps[o])
				}
			}
		}
		t.Logf("zoom %d: %d tiles, %d with an overlap", z.Zoom, z.Tiles, n)
		if n > sourceOverlaps {
			t.Errorf("zoom %d: %d tiles have an overlap, the source has %d", z.Zoom, n, sourceOverlaps)
		}
	}
	for i, err := range c.invalid {
		if i == 5 {
			break
		}
		t.Error(err)
	}
	if len(c.invalid) > 0 {
		t.Errorf("%d invalid polygons", len(c.invalid))
	}
}
