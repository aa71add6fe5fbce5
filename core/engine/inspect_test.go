package engine

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/pipeline/schedule"
	"github.com/shapes-desktop/shapes/core/store/entity"
)

// cells is how many features a side of the grid has that is looked at.
const cells = 12

// keptGrid runs a node that keeps its intermediates.
func keptGrid(t *testing.T) (*Engine, string) {
	t.Helper()
	dir := t.TempDir()
	e := openEngine(t, filepath.Join(dir, "data"))
	n := newShape(t, e, "Grid", gridFile(t, dir, cells))
	change(t, e, n.ID, func(s *shape.Shape) { s.Config.KeepIntermediates = true })
	runTo(t, e, n.ID, session.Completed)
	return e, n.ID
}

// change edits a shape.
func change(t *testing.T, e *Engine, id string, fn func(s *shape.Shape)) {
	t.Helper()
	ed, err := e.Edit(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	fn(ed.Shape)
	if err := e.Change(t.Context(), &ed); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Finish(t.Context(), id); err != nil {
		t.Fatal(err)
	}
}

func numbers(all []Feature) []uint64 {
	out := make([]uint64, 0, len(all))
	for _, f := range all {
		out = append(out, f.ID)
	}
	slices.Sort(out)
	return out
}

// What every query finds is what going over all features finds.
func TestFeaturesAgreeWithAScan(t *testing.T) {
	e, node := keptGrid(t)
	all, err := e.Features(t.Context(), node, FeatureQuery{})
	if err != nil || len(all) != cells*cells {
		t.Fatalf("%d features (%v)", len(all), err)
	}
	none := -1
	for _, c := range []struct {
		q  FeatureQuery
		ok func(f *Feature) bool
	}{
		{FeatureQuery{Box: &[4]float64{-55, -39, -50, -35}}, func(f *Feature) bool {
			return f.BBox[0] <= -50 && f.BBox[2] >= -55 && f.BBox[1] <= -35 && f.BBox[3] >= -39
		}},
		{FeatureQuery{Box: &[4]float64{-55, -39, -50, -35}, Centred: true}, func(f *Feature) bool {
			return f.Centroid[0] >= -55 && f.Centroid[0] <= -50 && f.Centroid[1] >= -39 && f.Centroid[1] <= -35
		}},
		{FeatureQuery{Box: &[4]float64{170, -90, -57, 90}}, func(f *Feature) bool { return f.BBox[0] <= -57 }},
		{FeatureQuery{Box: &[4]float64{0, 50, 1, 51}}, func(*Feature) bool { return false }},
		{FeatureQuery{Country: "ITA"}, func(*Feature) bool { return false }},
		{FeatureQuery{Level: &none}, func(*Feature) bool { return true }},
	} {
		got, err := e.Features(t.Context(), node, c.q)
		var want []Feature
		for _, f := range all {
			if c.ok(&f) {
				want = append(want, f)
			}
		}
		if err != nil || !slices.Equal(numbers(got), numbers(want)) {
			t.Errorf("%+v: %v (%v), a full scan finds %v", c.q, numbers(got), err, numbers(want))
		}
	}
	if some, err := e.Features(t.Context(), node, FeatureQuery{Limit: 3}); err != nil || len(some) != 3 {
		t.Errorf("%d features (%v), want 3", len(some), err)
	}
	for _, bad := range []FeatureQuery{
		{Centred: true}, {Limit: -1}, {Box: &[4]float64{0, 10, 1, 9}}, {Box: &[4]float64{-181, 0, 0, 1}},
	} {
		if _, err := e.Features(t.Context(), node, bad); !errors.Is(err, ErrUsage) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}

func TestFeaturesTellWhatWasMeasured(t *testing.T) {
	e, node := keptGrid(t)
	in, err := e.Inspect(t.Context(), node)
	if err != nil {
		t.Fatal(err)
	}
	all, err := in.Features(t.Context(), FeatureQuery{})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		if !f.Made || f.Area <= 0 || f.TileID == 0 || f.Quality < 0.999 || f.Quality > 1 || f.CurrentComplexity <= 0 || f.Queries != 0 {
			t.Fatalf("%+v", f)
		}
	}
	if all, err = in.Features(t.Context(), FeatureQuery{Limit: 5}); err != nil || all[0].Queries != 1 || all[0].Queried.IsZero() {
		t.Fatalf("a query is not counted: %+v (%v)", all[0].FeatureIndex, err)
	}
	text, err := in.GeoJSON(t.Context(), all[4].ID)
	if err != nil || !json.Valid(text) || !strings.Contains(string(text), `"name":"cell 4"`) || !strings.Contains(string(text), "Polygon") {
		t.Errorf("%s (%v)", text, err)
	}
	if _, err := in.GeoJSON(t.Context(), 1<<40); !errors.Is(err, ErrNotMade) {
		t.Errorf("a feature that is not there: %v", err)
	}
	var file bytes.Buffer
	if err := in.WriteGeoJSON(t.Context(), &file, all); err != nil {
		t.Fatal(err)
	}
	var c struct{ Features []json.RawMessage }
	if err := json.Unmarshal(file.Bytes(), &c); err != nil || len(c.Features) != 5 {
		t.Errorf("%d features (%v): %s", len(c.Features), err, file.Bytes())
	}
}

func TestBuffersAndMakeup(t *testing.T) {
	e, node := keptGrid(t)
	all, err := e.Buffers(t.Context(), node, "")
	if err != nil || !slices.IsSortedFunc(all, func(a, b Buffer) int { return a.Created.Compare(b.Created) }) {
		t.Fatalf("%d buffers (%v)", len(all), err)
	}
	types, made := map[session.BufferType]int{}, 0
	for _, b := range all {
		types[b.Type]++
		made += b.Made
		if b.Data != nil || b.Expired || b.OriginalSize == 0 {
			t.Errorf("%+v", b)
		}
		of, err := e.Buffers(t.Context(), node, b.Task)
		if err != nil || !slices.ContainsFunc(of, func(o Buffer) bool { return o.ID == b.ID }) {
			t.Errorf("buffers of %s: %v (%v)", b.Task, of, err)
		}
	}
	if types[session.Raw] != 1 || types[session.Simplified] != 1 || types[session.Tiled] == 0 || made != cells*cells {
		t.Errorf("%v, %d features made", types, made)
	}
	if of, err := e.Buffers(t.Context(), node, "nobody"); err != nil || len(of) > 0 {
		t.Errorf("%v (%v)", of, err)
	}
	m, err := e.TileMakeup(t.Context(), node, tile.ID{})
	if err != nil || len(m.Parts) != len(m.FeatureBuffers) || len(m.Parts) == 0 || m.Quality <= 0 || m.Status != session.Completed {
		t.Errorf("%+v (%v)", m, err)
	}
	for i, f := range m.Parts {
		if f.TileID != m.Features[i] {
			t.Errorf("part %d is %d, want %d", i, f.TileID, m.Features[i])
		}
	}
	if _, err := e.TileMakeup(t.Context(), node, tile.ID{Z: 6}); !errors.Is(err, ErrNoTile) {
		t.Errorf("a tile of the sea: %v", err)
	}
}

func TestInspectFindsWhatIsThere(t *testing.T) {
	e, node := keptGrid(t)
	runs, err := e.Runs(t.Context(), node)
	if err != nil {
		t.Fatal(err)
	}
	id := runs[0].Session
	for _, ref := range []string{node, "Grid", id, id[:30]} {
		if in, err := e.Inspect(t.Context(), ref); err != nil || in.Session() != id {
			t.Errorf("%s: %v", ref, err)
		}
	}
	for _, ref := range []string{SampleNode, "nobody", "", id + "0"} {
		if _, err := e.Inspect(t.Context(), ref); !errors.Is(err, ErrNoSession) {
			t.Errorf("%q: %v", ref, err)
		}
	}
	// A session that has not ended, however far it is.
	s, err := e.Start(t.Context(), node)
	if err == nil {
		err = e.Pause(t.Context(), s.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
	if in, err := e.Inspect(t.Context(), node); err != nil || in.Session() != s.ID {
		t.Fatalf("not the paused one: %v", err)
	}
	if _, err := e.Features(t.Context(), node, FeatureQuery{}); err != nil {
		t.Error(err)
	}
	if _, err := e.Buffers(t.Context(), node, ""); err != nil {
		t.Error(err)
	}
}

func TestVectorTileTellsAll(t *testing.T) {
	e, node := keptGrid(t)
	tiles, err := e.OpenNode(t.Context(), node)
	if err != nil {
		t.Fatal(err)
	}
	data, err := tiles.Tile(t.Context(), tile.ID{})
	if err != nil {
		t.Fatal(err)
	}
	if err := tiles.Close(); err != nil {
		t.Fatal(err)
	}
	for range 2 { // looking is no request
		r, err := e.VectorTile(t.Context(), node, tile.ID{})
		if err != nil || !bytes.Equal(r.Data, data) || !r.Counted || r.RequestCount != 1 || r.LastRequested.IsZero() ||
			len(r.Layers) == 0 || r.CompressedSize != len(data) || r.ETag == "" || !r.HasFacts || r.PerformanceScore <= 0 {
			t.Fatalf("%+v (%v)", r, err)
		}
	}
	if _, err := e.VectorTile(t.Context(), node, tile.ID{Z: 6}); !errors.Is(err, ErrNoTile) {
		t.Errorf("a tile of the sea: %v", err)
	}
	if _, err := e.VectorTile(t.Context(), SampleNode, tile.ID{}); !errors.Is(err, ErrNoTiles) {
		t.Errorf("a node without tiles: %v", err)
	}
}

// Features that simplify1 is not done with are found, and have no geometry yet.
// What is lost is told, and no empty answer.
func TestInspectAHalfDoneSession(t *testing.T) {
	dir := t.TempDir()
	e := openEngine(t, filepath.Join(dir, "data"))
	n := newShape(t, e, "Grid", gridFile(t, dir, cells))
	s, err := e.Start(t.Context(), n.ID)
	if err == nil {
		err = e.Pause(t.Context(), s.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
	in, err := e.Inspect(t.Context(), s.ID)
	if err != nil {
		t.Fatal(err)
	}
	raw := session.FeatureIndex{ID: 1 << 50, BBox: [4]float64{170, 80, 171, 81}, Country: "ABC", Level: -1}
	if err := in.scratch.Keep(schedule.Kept{Indices: []session.FeatureIndex{raw}}); err != nil {
		t.Fatal(err)
	}
	for _, q := range []FeatureQuery{{Box: &[4]float64{171, 81, 172, 82}}, {Country: "ABC"}} {
		got, err := in.Features(t.Context(), q)
		if err != nil || len(got) != 1 || got[0].ID != raw.ID || got[0].Made {
			t.Fatalf("%+v: %+v (%v)", q, got, err)
		}
		var file bytes.Buffer
		if err := in.WriteGeoJSON(t.Context(), &file, got); err != nil || !json.Valid(file.Bytes()) || strings.Contains(file.String(), "geometry") {
			t.Errorf("%s (%v)", file.Bytes(), err)
		}
	}
	if _, err := in.GeoJSON(t.Context(), raw.ID); !errors.Is(err, ErrNotMade) {
		t.Errorf("geometry: %v", err)
	}
	if err := in.scratch.close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(e.dir, "scratch", s.ID, "featureindices.db")); err != nil {
		t.Fatal(err)
	}
	if _, err := in.Features(t.Context(), FeatureQuery{}); !errors.Is(err, entity.ErrLost) || !strings.Contains(err.Error(), "can be made again") {
		t.Errorf("lost: %v", err)
	}
}
