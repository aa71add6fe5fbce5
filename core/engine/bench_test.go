package engine

import (
	"context"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/model/tree"
	"github.com/shapes-desktop/shapes/core/store/tileset"
)

// BenchmarkPersistence compares the processor time of a session, with all it
// records and keeps, with that of the same recipe straight into a tile file:
// turn by turn, and the least of each, since what else the machine does only
// adds. -benchtime 5x makes five pairs.
func BenchmarkPersistence(b *testing.B) {
	for _, f := range []struct {
		name string
		zoom int
	}{{"ne_10m_admin_0_countries", 6}, {"ne_10m_admin_1_states_provinces", 8}, {"italy_municipalities_istat", 10}} {
		b.Run(f.name, func(b *testing.B) {
			path, err := filepath.Abs(filepath.Join("..", "..", "..", "shared", "data", "bench", f.name+".geojson.gz"))
			if err != nil {
				b.Fatal(err)
			}
			if _, err := os.Stat(path); err != nil {
				b.Skipf("no %s: the shared data folder is not here", filepath.Base(path))
			}
			bare, with := math.Inf(1), math.Inf(1)
			for b.Loop() {
				dir := b.TempDir()
				before := cpuSeconds()
				r := Recipe{Inputs: []Input{{Path: path}}, MaxZoom: f.zoom}
				if _, err := build(context.Background(), r, func() (sink, error) { return tileset.Create(filepath.Join(dir, "bare.db")) }, nil); err != nil {
					b.Fatal(err)
				}
				bare = min(bare, cpuSeconds()-before)
				with = min(with, runSession(b, filepath.Join(dir, "data"), path, f.zoom))
			}
			b.ReportMetric(bare, "bare-s")
			b.ReportMetric(with, "session-s")
			b.ReportMetric(100*(with/bare-1), "%overhead")
		})
	}
}

// runSession runs a session of a file and returns the processor time.
func runSession(b *testing.B, dir, path string, zoom int) float64 {
	b.Helper()
	ctx := context.Background()
	e, err := Open(ctx, dir, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	defer e.Close()
	ed, err := e.New(ctx, tree.Root, NewShape{Name: "Bench", Source: shape.Local, Files: []shape.File{{Path: path}}})
	if err != nil {
		b.Fatal(err)
	}
	ed.Shape.Config.VectorTiles.MaxZoom = zoom
	if err := e.Change(ctx, &ed); err != nil {
		b.Fatal(err)
	}
	if _, err := e.Finish(ctx, ed.Node); err != nil {
		b.Fatal(err)
	}
	cpu := cpuSeconds()
	s, err := e.Start(ctx, ed.Node)
	if err == nil {
		s, err = e.Wait(ctx, s.ID)
	}
	if err != nil || s.Status != session.Completed {
		b.Fatalf("session %s %q: %v", s.Status, s.Reason, err)
	}
	return cpuSeconds() - cpu
}
