package pipeline

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/paulmach/orb/geojson"

	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/geo/tile"
)

type tally struct{ n, bytes int }

func (t *tally) Put(id tile.ID, d []byte) error { t.n++; t.bytes += len(d); return nil }

func TestQuick(t *testing.T) {
	for _, c := range []struct {
		f string
		z int
	}{{"ne_10m_admin_0_countries", 6}, {"ne_10m_admin_1_states_provinces", 8}, {"italy_municipalities_istat", 10}} {
		f, err := os.Open(filepath.Join("../../../shared/data/bench", c.f+".geojson.gz"))
		if err != nil {
			t.Skip(err)
		}
		zr, _ := gzip.NewReader(f)
		var fc geojson.FeatureCollection
		if err := json.NewDecoder(zr).Decode(&fc); err != nil {
			t.Fatal(err)
		}
		t0 := time.Now()
		var faults feature.Faults
		u := NewUnits(&faults)
		l := u.Layer("a")
		for i, ft := range fc.Features {
			u.Add(l, i, feature.Feature{ID: uint64(i + 1), Geometry: multi(ft.Geometry)})
		}
		cfg := DefaultConfig()
		cfg.MaxZoom = c.z
		cfg.Workers = 2
		var out tally
		m := NewMeter(time.Now, nil)
		res, err := Run(context.Background(), u, cfg, &out, m)
		t.Log(time.Since(t0), err, m.Took(), out)
		for _, z := range res.Zooms {
			t.Logf("%+v", z)
		}
		for _, cd := range faults.Codes() {
			t.Log(cd, faults.Count(cd), faults.Examples(cd)[:min(3, len(faults.Examples(cd)))])
		}
	}
}
