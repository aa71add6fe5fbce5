package pipeline

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/shapes-desktop/shapes/core/acquire/ingest"
	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/geo/tile"
)

// realFiles are boundary files of the shared data folder, which a newcomer
// does not have.
var realFiles = []struct { //nolint:gochecknoglobals // a table of test data
	name    string
	maxZoom int
}{
	{"ne_10m_admin_0_countries", 6},
	{"ne_10m_admin_1_states_provinces", 8},
	{"italy_municipalities_istat", 10},
}

func realPath(tb testing.TB, name string) string {
	tb.Helper()
	path := filepath.Join("..", "..", "..", "shared", "data", "bench", name+".geojson.gz")
	if _, err := os.Stat(path); err != nil {
		tb.Skipf("no %s: the shared data folder is not here", filepath.Base(path))
	}
	return path
}

// readUnits reads a file into one layer.
func readUnits(tb testing.TB, path string) (*Units, *feature.Faults) {
	tb.Helper()
	var faults feature.Faults
	u := NewUnits(&faults)
	l, i := u.Layer("adm"), 0
	if _, err := ingest.ReadFile(context.Background(), path, ingest.Options{}, func(_ string, f feature.Feature) error {
		u.addAt(l, i, f)
		i++
		return nil
	}); err != nil {
		tb.Fatal(err)
	}
	return u, &faults
}

type discard struct{}

func (discard) Put(tile.ID, []byte) error { return nil }

// BenchmarkRun tiles the real files from memory to memory.
func BenchmarkRun(b *testing.B) {
	for _, f := range realFiles {
		b.Run(f.name, func(b *testing.B) {
			path := realPath(b, f.name)
			cfg := DefaultConfig()
			cfg.MaxZoom, cfg.Workers = f.maxZoom, runtime.GOMAXPROCS(0)
			for b.Loop() {
				b.StopTimer()
				u, _ := readUnits(b, path)
				vertices := u.Vertices()
				b.StartTimer()
				m := NewMeter(time.Now, nil)
				res, err := Run(context.Background(), u, cfg, discard{}, m)
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(vertices)/b.Elapsed().Seconds()*float64(b.N), "vertices/s")
				b.ReportMetric(float64(res.Tiles)/b.Elapsed().Seconds()*float64(b.N), "tiles/s")
			}
		})
	}
}
