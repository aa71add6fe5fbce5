package schedule

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/paulmach/orb"

	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// square is a unit square, with id and name.
func square(lon, lat float64, id uint64) feature.Feature {
	return feature.Feature{
		ID: id, Attrs: []feature.Attr{{Key: "name", Value: feature.StringValue(fmt.Sprint(id))}},
		Geometry: orb.MultiPolygon{{{
			{lon, lat}, {lon + 1, lat}, {lon + 1, lat + 1}, {lon, lat + 1}, {lon, lat},
		}}},
	}
}

// inputsOf makes n inputs of side × side squares, side by side.
func inputsOf(n, side int) []input {
	out := make([]input, n)
	for k := range out {
		out[k].layer = fmt.Sprint("layer", k)
		for i := range side * side {
			out[k].features = append(out[k].features, square(float64(k*side+i%side), float64(i/side), uint64(k*1000+i+1)))
		}
	}
	return out
}

// Tiles that were made and could not be put in place are none: the session says
// so, and trying again puts them there.
func TestTilesThatCannotBePutInPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		inputs := inputsOf(2, 2)
		p := newPlay(t, inputs, tiling(2), 2)
		p.out.fail = errors.New("a folder has that name")
		if err := p.run(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		p.settled(t)
		s := p.get(t)
		if s.Status != session.Failed || !strings.Contains(s.Reason, "not put in place (a folder has that name)") || s.Failed != 1 {
			t.Fatalf("%s %q: %d failed", s.Status, s.Reason, s.Failed)
		}
		p.out.fail = nil
		p.again(t)
		if err := p.run(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		p.settled(t)
		if s := p.get(t); s.Status != session.Completed || s.Reason != "" {
			t.Errorf("%s %q", s.Status, s.Reason)
		}
		p.sameTiles(t, want(t, inputs, tiling(2)))
	})
}

// The same holds where people cancel that they are put in place.
func TestPuttingInPlaceIsCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPlay(t, inputsOf(1, 2), tiling(1), 2)
		p.board.after = func(n int) {
			if n > 1 {
				return
			}
			if err := p.board.DB.Update(func(tx *kv.Tx) error { return p.board.Cancel(tx, "s", "n-vectortile-store") }); err != nil {
				t.Error(err)
			}
		}
		if err := p.run(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		p.settled(t)
		if s := p.get(t); s.Status != session.Cancelled || !strings.Contains(s.Reason, "cancelled") || p.out.times != 0 {
			t.Errorf("%s %q, put %d times", s.Status, s.Reason, p.out.times)
		}
	})
}
