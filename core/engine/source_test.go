package engine

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

// TestMemoryIsBoundedOverAllInputs: what one input may use depends on what the
// others have, and one that was refused takes nothing.
func TestMemoryIsBoundedOverAllInputs(t *testing.T) {
	path := filepath.Join(t.TempDir(), "square.geojson")
	const square = `{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1],[0,0]]]}}`
	if err := os.WriteFile(path, []byte(square), 0o600); err != nil {
		t.Fatal(err)
	}
	r := newReader(nil, session.Session{Source: shape.Local, Made: session.Result{Vertices: 3}})
	r.memory = 10 * bytesPerVertex
	read := func() error {
		_, err := r.Read(context.Background(), session.TaskConfig{Source: shape.Local, Path: path}, func(int64, int64) {},
			func(string, feature.Feature) error { return nil })
		return err
	}
	if err := read(); err != nil || r.all.Load() != 8 {
		t.Fatalf("first input: %d vertices, %v", r.all.Load(), err)
	}
	for range 2 {
		if err := read(); err == nil || !strings.Contains(err.Error(), "all that is read needs more than") || r.all.Load() != 8 {
			t.Fatalf("second input: %d vertices, %v", r.all.Load(), err)
		}
	}
}
