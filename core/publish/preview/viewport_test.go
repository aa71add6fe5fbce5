package preview

import (
	"math"
	"testing"

	"github.com/shapes-desktop/shapes/core/geo/tile"
	"pgregory.net/rapid"
)

func drawViewport(t *rapid.T) Viewport {
	return Viewport{
		Lon:    rapid.Float64Range(-180, 179.99).Draw(t, "lon"),
		Lat:    rapid.Float64Range(-84, 84).Draw(t, "lat"),
		Zoom:   rapid.Float64Range(-1, 20).Draw(t, "zoom"),
		Width:  rapid.Float64Range(50, 3000).Draw(t, "width"),
		Height: rapid.Float64Range(50, 2000).Draw(t, "height"),
		Scale:  rapid.SampledFrom([]float64{1, 1.25, 1.5, 2}).Draw(t, "scale"),
	}.Clamp()
}

func TestPointAndLonLatAreInverse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := drawViewport(t)
		x := rapid.Float64Range(0, v.Width).Draw(t, "x")
		y := rapid.Float64Range(0, v.Height).Draw(t, "y")
		lon, lat, ok := v.LonLat(x, y)
		if !ok || math.Abs(lat) > 85 || v.worldSize() < v.Width {
			return // beside the world, or several copies of it: the nearest one answers
		}
		gx, gy := v.Point(lon, lat)
		if math.Abs(gx-x) > 1e-3 || math.Abs(gy-y) > 1e-3 {
			t.Fatalf("(%v, %v) is %v, %v, which is at (%v, %v)", x, y, lon, lat, gx, gy)
		}
	})
}

func TestZoomKeepsThePlaceUnderThePointer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := drawViewport(t)
		x := rapid.Float64Range(0, v.Width).Draw(t, "x")
		y := rapid.Float64Range(0, v.Height).Draw(t, "y")
		before := v.world(x, y)
		w := v.ZoomAbout(x, y, v.Zoom+rapid.Float64Range(0, 3).Draw(t, "steps"))
		after := w.world(x, y)
		dx := math.Abs(before.x - after.x)
		dx = math.Abs(dx - math.Round(dx))
		// Clamping may move the map north or south to keep the world in view.
		if dx*w.worldSize() > 1e-3 {
			t.Fatalf("the place moved by %v points", dx*w.worldSize())
		}
	})
}

func TestTilesCoverTheMapAndMeet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := drawViewport(t)
		ps := v.Tiles()
		if len(ps) > 400 {
			t.Fatalf("%d tiles for a map of %v by %v", len(ps), v.Width, v.Height)
		}
		at := map[[3]int]Placement{}
		x0, x1, y0, y1 := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
		for _, p := range ps {
			if !p.ID.Valid() {
				t.Fatalf("tile %v does not exist", p.ID)
			}
			at[[3]int{p.Copy, int(p.ID.X), int(p.ID.Y)}] = p
			x0, x1, y0, y1 = min(x0, p.X0), max(x1, p.X1), min(y0, p.Y0), max(y1, p.Y1)
		}
		for _, p := range ps {
			right, ok := at[[3]int{p.Copy, int(p.ID.X) + 1, int(p.ID.Y)}]
			if ok && right.X0 != p.X1 {
				t.Fatalf("slit between %v and %v: %v, %v", p.ID, right.ID, p.X1, right.X0)
			}
			if px := p.X0 * v.Scale; math.Abs(px-math.Round(px)) > 1e-6 {
				t.Fatalf("the edge of %v lies within a pixel: %v", p.ID, px)
			}
		}
		north, south := v.edgeY(0), v.edgeY(1)
		if x0 > 1e-6 || x1 < v.Width-1 || y0 > max(north, 0)+1e-6 || y1 < min(south, v.Height)-1 {
			t.Fatalf("tiles cover %v–%v, %v–%v of %v by %v", x0, x1, y0, y1, v.Width, v.Height)
		}
	})
}

func TestTheWorldRepeatsAcrossTheAntimeridian(t *testing.T) {
	v := Viewport{Lon: 180, Lat: 0, Zoom: 2, Width: 600, Height: 400}.Clamp()
	west, east := false, false
	for _, p := range v.Tiles() {
		west = west || p.ID.X == 3
		east = east || p.ID.X == 0
	}
	if !west || !east {
		t.Fatalf("a map centred on 180° shows tiles %v", v.Tiles())
	}
	lon, _, _ := v.LonLat(310, 200)
	if lon > -178 || lon < -180 {
		t.Errorf("east of 180° lies %v", lon)
	}
}

func TestClampMendsAnything(t *testing.T) {
	bad := []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1e300, -1e300, 0}
	for _, a := range bad {
		for _, b := range bad {
			v := Viewport{Lon: a, Lat: b, Zoom: a, Width: 800, Height: 600}.Clamp()
			if math.IsNaN(v.Lon+v.Lat+v.Zoom) || math.IsInf(v.Lon+v.Lat+v.Zoom, 0) {
				t.Errorf("%v, %v stays %+v", a, b, v)
			}
			if n := len(v.Tiles()); n == 0 || n > 50 {
				t.Errorf("%v, %v gives %d tiles", a, b, n)
			}
		}
	}
	if n := len((Viewport{}).Tiles()); n != 0 {
		t.Errorf("a map without size has %d tiles", n)
	}
}

func TestFitShowsTheBounds(t *testing.T) {
	v := Viewport{Width: 1000, Height: 500}.Fit([4]float64{6, 36, 19, 47.5})
	for _, c := range [][2]float64{{6, 36}, {19, 47.5}, {6, 47.5}, {19, 36}} {
		if x, y := v.Point(c[0], c[1]); x < 0 || y < 0 || x > 1000 || y > 500 {
			t.Errorf("corner %v lies outside at %v, %v", c, x, y)
		}
	}
	world := Viewport{Width: 1024, Height: 600}.Fit([4]float64{-180, -90, 180, 85})
	if world.Zoom != 1 {
		t.Errorf("the world does not fill the width: zoom %v", world.Zoom)
	}
	point := Viewport{Width: 1024, Height: 600}.Fit([4]float64{10, 50, 10, 50})
	if point.Zoom > MaxZoom || math.IsNaN(point.Zoom) {
		t.Errorf("bounds of a point give zoom %v", point.Zoom)
	}
}

func TestEnlargedTilesLandWhereTheirSmallOnesDo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		z := uint8(rapid.IntRange(0, 10).Draw(t, "z"))
		deep := z + uint8(rapid.IntRange(0, 8).Draw(t, "deeper"))
		id := tile.ID{Z: deep, X: uint32(rapid.IntRange(0, 1<<deep-1).Draw(t, "x")), Y: uint32(rapid.IntRange(0, 1<<deep-1).Draw(t, "y"))}
		up := tile.ID{Z: z, X: id.X >> (deep - z), Y: id.Y >> (deep - z)}
		a := enlarge(up, id, TileSize)
		// The corner of id in the units of the tile above it.
		n := math.Exp2(float64(deep - z))
		cx := (float64(id.X)/n - float64(up.X)) * tile.Extent
		cy := (float64(id.Y)/n - float64(up.Y)) * tile.Extent
		if math.Abs(cx*a.k+a.dx) > 1e-6 || math.Abs(cy*a.k+a.dy) > 1e-6 {
			t.Fatalf("the corner of %v in %v is drawn at %v, %v", id, up, cx*a.k+a.dx, cy*a.k+a.dy)
		}
	})
}
