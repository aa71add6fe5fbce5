package tileset

import (
	"cmp"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/store/kv"
	"pgregory.net/rapid"
)

func requests(t testing.TB, path string) *Requests {
	t.Helper()
	r, err := verifier(t).OpenRequests(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// second is a moment as it comes back from the file.
func second(n int64) time.Time { return time.Unix(n, 0).UTC() }

func TestRequestsAgainstAMap(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t2 *rapid.T) {
		path := filepath.Join(dir, "node.db")
		if err := Remove(path); err != nil {
			t2.Fatal(err)
		}
		r := requests(t, path)
		defer func() { r.Close() }()
		want := map[uint64]Request{}
		now := int64(0)
		t2.Repeat(map[string]func(*rapid.T){
			"note": func(t *rapid.T) {
				h := rapid.Uint64Range(0, 5).Draw(t, "tile")
				now++
				if err := r.Note(tile.FromHilbert(h), second(now)); err != nil {
					t.Fatal(err)
				}
				want[h] = Request{h, want[h].Count + 1, second(now)}
			},
			"flush": func(t *rapid.T) {
				if err := r.Flush(); err != nil {
					t.Fatal(err)
				}
			},
			"reopen": func(*rapid.T) {
				if err := r.Close(); err != nil {
					t2.Fatal(err)
				}
				r = requests(t, path)
			},
			"ask": func(t *rapid.T) {
				h := rapid.Uint64Range(0, 5).Draw(t, "tile")
				got, err := r.Of(tile.FromHilbert(h))
				w := want[h]
				if err != nil || got.Count != w.Count || !got.Last.Equal(w.Last) {
					t.Fatalf("tile %d: %+v, want %+v (%v)", h, got, w, err)
				}
				compareOrder(t, r, want)
			},
		})
	})
}

func compareOrder(t *rapid.T, r *Requests, want map[uint64]Request) {
	var sorted []Request
	for _, w := range want {
		sorted = append(sorted, w)
	}
	slices.SortFunc(sorted, func(a, b Request) int { return cmp.Or(a.Last.Compare(b.Last), cmp.Compare(a.Tile, b.Tile)) })
	least, err := r.LeastRecent(3)
	if d := gocmp.Diff(sorted[:min(3, len(sorted))], least); err != nil || d != "" {
		t.Fatal(err, d)
	}
	slices.Reverse(sorted)
	most, err := r.MostRecent(3)
	if d := gocmp.Diff(sorted[:min(3, len(sorted))], most); err != nil || d != "" {
		t.Fatal(err, d)
	}
}

// More tiles than fit are written down on the way.
func TestCountingIsBounded(t *testing.T) {
	r := requests(t, filepath.Join(t.TempDir(), "node.db"))
	defer r.Close()
	for h := range uint64(3*flushTiles + 7) {
		if err := r.Note(tile.FromHilbert(h), second(int64(h)+1)); err != nil {
			t.Fatal(err)
		}
		if len(r.pending) > flushTiles {
			t.Fatalf("%d tiles are pending", len(r.pending))
		}
	}
	all, err := r.LeastRecent(1 << 20)
	if err != nil || len(all) != 3*flushTiles+7 {
		t.Error(len(all), err)
	}
}

// Where nothing can be written, counts are kept up to a bound, and the error
// is told.
func TestCountingWhereNothingCanBeWritten(t *testing.T) {
	r := requests(t, filepath.Join(t.TempDir(), "node.db"))
	if err := r.db.Close(); err != nil {
		t.Fatal(err)
	}
	var last error
	for h := range uint64(4 * flushTiles) {
		last = r.Note(tile.FromHilbert(h), second(1))
	}
	if !errors.Is(last, kv.ErrClosed) || len(r.pending) != 2*flushTiles {
		t.Error(last, len(r.pending))
	}
}

func TestCountingFromManySides(t *testing.T) {
	r := requests(t, filepath.Join(t.TempDir(), "node.db"))
	defer r.Close()
	const sides, each = 8, 300
	var wg sync.WaitGroup
	for s := range sides {
		wg.Go(func() {
			for i := range each {
				err := r.Note(tile.FromHilbert(uint64(i%7)), second(int64(i)))
				if i%100 == s {
					err = errors.Join(err, r.Flush())
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	sum := uint64(0)
	for h := range uint64(7) {
		one, err := r.Of(tile.FromHilbert(h))
		if err != nil {
			t.Fatal(err)
		}
		sum += one.Count
	}
	if sum != sides*each {
		t.Errorf("%d requests of %d", sum, sides*each)
	}
}

func TestDamagedCountsAreBegunAnew(t *testing.T) {
	path := filepath.Join(t.TempDir(), "node.db")
	if err := os.WriteFile(path+requestsSuffix, []byte("no database"), 0o600); err != nil {
		t.Fatal(err)
	}
	r := requests(t, path)
	defer r.Close()
	if !errors.Is(r.Lost(), kv.ErrDamaged) {
		t.Error(r.Lost())
	}
	if err := r.Note(tile.ID{}, second(1)); err != nil {
		t.Error(err)
	}
	if got, err := r.Of(tile.ID{}); err != nil || got.Count != 1 || got.ID() != (tile.ID{}) {
		t.Error(got, err)
	}
}

func TestRequestsAreTold(t *testing.T) {
	path := buildFacts(t)
	r := requests(t, path)
	defer r.Close()
	for n := range 3 {
		if err := r.Note(tile.ID{}, second(int64(n))); err != nil {
			t.Fatal(err)
		}
	}
	v, found, err := open(t, path).VectorTile(tile.ID{}, r)
	if err != nil || !found || v.RequestCount != 3 || !v.LastRequested.Equal(second(2)) {
		t.Error(v.RequestCount, v.LastRequested, found, err)
	}
}
