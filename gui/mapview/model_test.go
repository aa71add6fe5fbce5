package mapview

import (
	"image"
	"math"
	"strings"
	"testing"

	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/publish/preview"
	"pgregory.net/rapid"
)

func picture() *image.RGBA { return image.NewRGBA(image.Rect(0, 0, 1, 1)) }

func view(zoom float64) preview.Viewport {
	return preview.Viewport{Lon: 20, Lat: 30, Zoom: zoom, Width: 800, Height: 600, Scale: 1}.Clamp()
}

func TestTilesThatAreThereAreDrawnOnce(t *testing.T) {
	v := view(3.2)
	list := drawList(nil, v, func(tile.ID) (*image.RGBA, bool) { return picture(), true })
	if len(list) != len(v.Tiles()) {
		t.Errorf("%d drawn of %d", len(list), len(v.Tiles()))
	}
	list = drawList(list, v, func(tile.ID) (*image.RGBA, bool) { return nil, true })
	if len(list) != 0 {
		t.Errorf("%d drawn of water", len(list))
	}
}

// While the sharp tile is missing, the nearest coarse one lies below, once,
// and sharper ones from the zoom before lie above.
func TestFallbacks(t *testing.T) {
	v := view(4)
	coarse, fine := picture(), picture()
	first := v.Tiles()[0].ID
	child := tile.ID{Z: first.Z + 1, X: 2 * first.X, Y: 2 * first.Y}
	list := drawList(nil, v, func(id tile.ID) (*image.RGBA, bool) {
		switch {
		case id.Z == 1:
			return coarse, true
		case id == child:
			return fine, true
		}
		return nil, false
	})
	seen := map[*image.RGBA]int{}
	for i, d := range list {
		seen[d.img]++
		if i > 0 && d.place.ID.Z < list[i-1].place.ID.Z {
			t.Error("a coarse picture lies over a finer one")
		}
	}
	if seen[fine] != 1 || seen[coarse] < 1 || seen[coarse] > 4 {
		t.Errorf("drawn: %d coarse, %d fine", seen[coarse], seen[fine])
	}
}

func TestWantedTilesComeFromTheCentreOutwards(t *testing.T) {
	v := view(5)
	ids := wantList(v)
	shown := v.Tiles()
	if len(ids) <= len(shown) {
		t.Fatalf("no ring around the map: %d of %d", len(ids), len(shown))
	}
	for i, p := range shown {
		if ids[i] != p.ID {
			t.Fatalf("tile %d is %v, want %v", i, ids[i], p.ID)
		}
	}
	seen := map[tile.ID]bool{}
	for _, id := range ids {
		if seen[id] {
			t.Errorf("%v is wanted twice", id)
		}
		seen[id] = true
	}
}

// A frame follows the map: its corners stay on the places they were painted for.
func TestOverlayFollowsTheMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		was := view(rapid.Float64Range(2, 8).Draw(t, "zoom"))
		now := was.Pan(rapid.Float64Range(-300, 300).Draw(t, "dx"), rapid.Float64Range(-100, 100).Draw(t, "dy"))
		now = now.ZoomAbout(100, 200, now.Zoom+rapid.Float64Range(-1, 1).Draw(t, "dz"))
		x, y, w, h := overlayBox(was, now)
		lon, lat, ok := was.LonLat(200, 150)
		if !ok {
			return
		}
		gx, gy := now.Point(lon, lat)
		wx, wy := x+w*200/was.Width, y+h*150/was.Height
		if math.Abs(gx-wx) > 1e-3 || math.Abs(gy-wy) > 1e-3 {
			t.Fatalf("a place at %v, %v has its label at %v, %v", gx, gy, wx, wy)
		}
	})
}

func TestCoordinates(t *testing.T) {
	for _, tt := range []struct {
		lat, lon float64
		want     string
	}{
		{35.6812, 139.76712, "35.6812° N  139.7671° E"},
		{-33.9, -18.4, "33.9000° S  18.4000° W"},
		{0, 0, "0.0000° N  0.0000° E"},
	} {
		if got := Coordinates(tt.lat, tt.lon); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}

func TestStatusText(t *testing.T) {
	s := Status{View: preview.Viewport{Zoom: 2.5, Lat: 1, Lon: 2}}
	if got := s.Text(); !strings.Contains(got, "2.50/1.0000/2.0000") || strings.Contains(got, "°") {
		t.Errorf("%q", got)
	}
	s.OnWorld = true
	if !strings.Contains(s.Text(), "°") {
		t.Errorf("%q", s.Text())
	}
}

func TestCreditIsShortenedByWords(t *testing.T) {
	fits := func(n int) func(string) bool {
		return func(s string) bool { return len([]rune(s)) <= n }
	}
	for n, want := range map[int]string{
		99: "© Open People and others",
		20: "© Open People and…",
		7:  "© Open…",
		0:  "©…",
	} {
		if got := creditFit("© Open People and others", fits(n)); got != want {
			t.Errorf("for %d: %q, want %q", n, got, want)
		}
	}
}
