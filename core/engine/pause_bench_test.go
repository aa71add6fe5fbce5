package engine

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/model/tree"
)

// BenchmarkPause pauses a session of a real file again and again, from its
// beginning to its end, and reports the longest time that a pause took.
func BenchmarkPause(b *testing.B) {
	path, err := filepath.Abs(filepath.Join("..", "..", "..", "shared", "data", "bench", "ne_10m_admin_1_states_provinces.geojson.gz"))
	if err != nil {
		b.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		b.Skip("the shared data folder is not here")
	}
	ctx := context.Background()
	e, err := Open(ctx, b.TempDir(), slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	defer e.Close()
	ed, err := e.New(ctx, tree.Root, NewShape{Name: "Bench", Source: shape.Local, Files: []shape.File{{Path: path}}})
	if err != nil {
		b.Fatal(err)
	}
	ed.Shape.Config.VectorTiles.MaxZoom = 8
	if err := e.Change(ctx, &ed); err != nil {
		b.Fatal(err)
	}
	if _, err := e.Finish(ctx, ed.Node); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		s, err := e.Start(ctx, ed.Node)
		if err != nil {
			b.Fatal(err)
		}
		var longest, sum time.Duration
		n, run := 0, 200*time.Millisecond
		for {
			time.Sleep(run)
			run += 150 * time.Millisecond // a stage that is done again needs its time
			began := time.Now()
			err := e.Pause(ctx, s.ID)
			if errors.Is(err, ErrNoSession) || errors.Is(err, ErrState) {
				break
			}
			if err != nil {
				b.Fatal(err)
			}
			took := time.Since(began)
			longest, sum, n = max(longest, took), sum+took, n+1
			if now, err := e.Session(ctx, s.ID); err != nil || now.Status != session.Paused {
				b.Fatalf("%s, %v", now.Status, err)
			}
			if err := e.Resume(ctx, s.ID); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(longest.Milliseconds()), "ms-longest")
		b.ReportMetric(float64(sum.Milliseconds())/float64(max(1, n)), "ms-mean")
		b.ReportMetric(float64(n), "pauses")
	}
}
