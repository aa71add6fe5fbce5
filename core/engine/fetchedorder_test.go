package engine

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/model/tree"
)

const gadmFolder = "geodata.ucdavis.edu/gadm/gadm4.1/json/"

// serveGADM serves two levels of three neighbouring squares that go by the names
// of countries; of level 1 the plain form only.
func serveGADM(h *hosts) (paths []string) {
	const side = 12 // units in a row
	const south = 48
	put := func(country string, level int, features []string) {
		path := fmt.Sprintf("%sgadm41_%s_%d.json", gadmFolder, country, level)
		h.files[path] = []byte(`{"type":"FeatureCollection","features":[` + strings.Join(features, ",\n") + `]}`)
		paths = append(paths, path)
	}
	for i, country := range []string{"BEL", "LUX", "NLD"} {
		x := float64(4 * i)
		put(country, 0, []string{square(fmt.Sprintf(`"GID_0":%q,"COUNTRY":%q`, country, country), x, south, 4)})
		var units []string
		for n := range side * side {
			units = append(units, square(fmt.Sprintf(`"GID_1":"%s.%d_1","GID_0":%q,"COUNTRY":"x","NAME_1":"Unit %d"`, country, n+1, country, n+1),
				x+float64(n%side)*4/side, south+float64(n/side)*4/side, 4.0/side))
		}
		put(country, 1, units)
	}
	return paths
}

func square(properties string, x, y, side float64) string {
	var ring []string
	for _, at := range [][2]float64{{0, 0}, {1, 0}, {1, 1}, {0, 1}, {0, 0}} {
		ring = append(ring, fmt.Sprintf("[%g,%g]", x+at[0]*side, y+at[1]*side))
	}
	return fmt.Sprintf(`{"type":"Feature","properties":{%s},"geometry":{"type":"Polygon","coordinates":[[%s]]}}`, properties, strings.Join(ring, ","))
}

// benelux is a shape of all that serveGADM has.
func benelux(t *testing.T, e *Engine, atOnce int) (node string) {
	t.Helper()
	cfg := shape.Defaults()
	cfg.Download.Concurrency, cfg.VectorTiles.MaxZoom = atOnce, 9
	with := NewShape{
		Name: fmt.Sprintf("Benelux %d", atOnce), Source: shape.GADM, Config: &cfg,
		Selection: shape.Selection{"BEL": {0, 1}, "LUX": {0, 1}, "NLD": {0, 1}},
	}
	terms, err := e.Terms(t.Context(), with.Source, with.Variant, with.Selection)
	if err != nil {
		t.Fatal(err)
	}
	with.License = terms.Accept("ann", testDay)
	ed, err := e.New(t.Context(), tree.Root, with)
	if err == nil {
		_, err = e.Finish(t.Context(), ed.Node)
	}
	if err != nil {
		t.Fatal(err)
	}
	return ed.Node
}

// oneByOne is what the tiles are if files come one after the other.
func oneByOne(t *testing.T) map[tile.ID][]byte {
	t.Helper()
	h := newHosts(t)
	serveGADM(h)
	e := openFetching(t, h)
	node := benelux(t, e, 1)
	runTo(t, e, node, session.Completed)
	return tilesOf(t, e, node)
}

// TestOrderOfArrival: tiles do not depend on which file comes first, nor on how
// many come at once.
func TestOrderOfArrival(t *testing.T) {
	want := oneByOne(t)
	h := newHosts(t)
	paths := serveGADM(h)
	others := map[string]bool{}
	for _, p := range paths[1:] {
		others[p] = true
	}
	var mu sync.Mutex
	all := make(chan struct{})
	h.before = func(name string) { // the first file comes last
		if name == paths[0] {
			<-all
			return
		}
		mu.Lock()
		defer mu.Unlock()
		if delete(others, name); len(others) == 0 {
			select {
			case <-all:
			default:
				close(all)
			}
		}
	}
	e := openFetching(t, h)
	node := benelux(t, e, 4)
	runTo(t, e, node, session.Completed)
	same(t, tilesOf(t, e, node), want)
}

// TestFetchedSessionGoesOn: after an end in the middle a session makes the same
// tiles: of what it has kept though the cache was emptied meanwhile, and, if that
// is lost, of files that it fetches again.
func TestFetchedSessionGoesOn(t *testing.T) {
	want := oneByOne(t)
	for _, lost := range []bool{false, true} {
		h := newHosts(t)
		serveGADM(h)
		dir := t.TempDir()
		open := func() *Engine {
			e, err := Open(t.Context(), dir, slog.New(slog.DiscardHandler))
			if err != nil {
				t.Fatal(err)
			}
			e.UseNetwork(h.mirror())
			return e
		}
		e := open()
		node := benelux(t, e, 2)
		s := disturb(t, e, node, 7, func(id string) error { return e.Pause(t.Context(), id) })
		emptyCache(t, e)
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
		if lost {
			if err := os.Truncate(filepath.Join(dir, "scratch", s.ID, "buffers.db"), 5000); err != nil {
				t.Fatal(err)
			}
		}
		h.requests()
		e = open()
		err := e.Resume(t.Context(), s.ID)
		if err == nil {
			s, err = e.Wait(t.Context(), s.ID)
		}
		if err != nil || s.Status != session.Completed {
			t.Fatalf("lost %v: %s %q %v", lost, s.Status, s.Reason, err)
		}
		if asked := h.requests(); (len(asked) > 0) != lost {
			t.Errorf("lost %v: asked for %q", lost, asked)
		}
		same(t, tilesOf(t, e, node), want)
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// emptyCache removes all files of the cache.
func emptyCache(t *testing.T, e *Engine) {
	t.Helper()
	files, err := e.Cached(t.Context())
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files in the cache, %v", len(files), err)
	}
	var hashes []string
	for _, f := range files {
		hashes = append(hashes, f.SHA256)
	}
	if _, err := e.Uncache(t.Context(), slices.Compact(hashes), true); err != nil {
		t.Fatal(err)
	}
}
