package ingest

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/paulmach/orb"

	"github.com/shapes-desktop/shapes/core/geo/feature"
)

const sharedData = "../../../../shared/data"

// shared returns the path of a file of the shared data, or skips.
func shared(t testing.TB, parts ...string) string {
	t.Helper()
	p := filepath.Join(append([]string{sharedData}, parts...)...)
	if _, err := os.Stat(p); err != nil {
		t.Skipf("no shared data at %s", p)
	}
	return p
}

// checkGeometry holds mp to what Feature promises.
func checkGeometry(t errorer, mp orb.MultiPolygon) {
	t.Helper()
	if len(mp) == 0 {
		t.Error("a feature without geometry")
	}
	for _, poly := range mp {
		for i, r := range poly {
			if len(r) < 4 || r[0] != r[len(r)-1] {
				t.Errorf("ring %v of %d points is not closed", r[0], len(r))
			}
			for k, p := range r {
				if !(p[0] >= -180 && p[0] <= 180 && p[1] >= -90 && p[1] <= 90) {
					t.Errorf("vertex %v out of range", p)
				}
				if k > 0 && p == r[k-1] {
					t.Errorf("vertex %v twice", p)
				}
			}
			if a := ringArea(r); (a < 0) != (i > 0) && a != 0 {
				t.Errorf("ring %d at %v is wound wrongly", i, r[0])
			}
		}
	}
}

func TestRealFiles(t *testing.T) {
	if testing.Short() {
		t.Skip("real files are read in the long run only")
	}
	for _, dir := range []string{"bench", "sources/naturalearth", "sources/geoboundaries"} {
		entries, _ := os.ReadDir(shared(t, dir))
		for _, e := range entries {
			if e.IsDir() {
				continue
			}
			t.Run(e.Name(), func(t *testing.T) {
				path := shared(t, dir, e.Name())
				sum, err := ReadFile(context.Background(), path, Options{}, func(_ string, f feature.Feature) error {
					checkGeometry(t, f.Geometry)
					return nil
				})
				t.Logf("%s: %d features, %d kept, %d vertices, layers %v, faults: %s, err %v", sum.Format, sum.Features, sum.Kept, sum.Vertices, sum.Layers, faultCounts(&sum.Faults), err)
			})
		}
	}
}

// errorer is what checkGeometry needs of a test or property.
type errorer interface {
	Helper()
	Error(args ...any)
	Errorf(format string, args ...any)
}
