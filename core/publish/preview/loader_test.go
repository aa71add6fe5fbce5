package preview

import (
	"context"
	"errors"
	"image/color"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/store/tileset"
)

// endless is a source that has the same tile everywhere but at bad.
func endless(bad tile.ID) fakeSource {
	data := twoCountries()
	return fakeSource{meta: tileset.Meta{MaxZoom: 10}, tile: func(id tile.ID) ([]byte, error) {
		if id == bad {
			return nil, errors.New("no disk")
		}
		return data, nil
	}}
}

func ids(z uint8, xs ...uint32) []tile.ID {
	var out []tile.ID
	for _, x := range xs {
		out = append(out, tile.ID{Z: z, X: x})
	}
	return out
}

func TestLoaderPaintsWhatIsWantedInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := NewLoader(NewMap(endless(tile.ID{Z: 9})), Light(), 1)
		ctx, cancel := context.WithCancel(context.Background())
		var order []tile.ID
		l.Want(ids(3, 5, 1, 4))
		go l.Run(ctx, func(id tile.ID, err error) {
			if err != nil {
				t.Error(err)
			}
			order = append(order, id)
		})
		synctest.Wait()
		if len(order) != 3 || order[0].X != 5 || order[1].X != 1 || order[2].X != 4 {
			t.Errorf("painted %v", order)
		}
		for _, id := range ids(3, 5, 1, 4) {
			if img, ok := l.Picture(id); !ok || img == nil {
				t.Errorf("%v has no picture", id)
			}
		}
		// What is there is not painted again; a new look is.
		l.Want(ids(3, 5))
		synctest.Wait()
		if len(order) != 3 {
			t.Errorf("painted again: %v", order)
		}
		before, _ := l.Picture(ids(3, 5)[0])
		l.SetLook(Dark(), 1)
		if img, ok := l.Picture(ids(3, 5)[0]); !ok || img != before {
			t.Error("the old picture went before the new one came")
		}
		l.Want(ids(3, 5))
		synctest.Wait()
		after, _ := l.Picture(ids(3, 5)[0])
		if after == before || after.RGBAAt(0, 0) != Dark().Water {
			t.Errorf("the new look is not painted: %v", after.RGBAAt(0, 0))
		}
		cancel()
	})
}

func TestLoaderForgetsWhatIsNoLongerWanted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		l := NewLoader(NewMap(endless(tile.ID{Z: 9})), Light(), 1)
		l.Want(ids(4, 0, 1, 2, 3))
		l.Want(ids(4, 9))
		var got []tile.ID
		go l.Run(ctx, func(id tile.ID, _ error) { got = append(got, id) })
		synctest.Wait()
		if len(got) != 1 || got[0].X != 9 {
			t.Errorf("painted %v", got)
		}
		cancel() // the bubble fails if Run does not end
	})
}

func TestLoaderTellsOfBadTilesOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		bad := tile.ID{Z: 4, X: 1}
		l := NewLoader(NewMap(endless(bad)), Light(), 1)
		faults := 0
		go l.Run(ctx, func(_ tile.ID, err error) {
			if err != nil {
				faults++
			}
		})
		for range 3 {
			l.Want(ids(4, 0, 1, 2))
			synctest.Wait()
		}
		if faults != 1 {
			t.Errorf("told %d times", faults)
		}
		if img, ok := l.Picture(bad); !ok || img != nil {
			t.Error("the bad tile is not blank")
		}
		cancel()
	})
}

func TestWaterNeedsNoPicture(t *testing.T) {
	m := NewMap(fakeSource{tile: func(tile.ID) ([]byte, error) { return nil, nil }})
	img, err := m.Picture(context.Background(), tile.ID{}, 1, Light())
	if img != nil || err != nil {
		t.Errorf("%v, %v", img, err)
	}
}

func TestMapIsSafeForConcurrentUse(t *testing.T) {
	m := NewMap(endless(tile.ID{Z: 9}))
	var wait sync.WaitGroup
	for i := range 4 {
		wait.Go(func() {
			for x := range uint32(20) {
				if _, err := m.Scene(context.Background(), tile.ID{Z: 5, X: (x + uint32(i)) % 32}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
}

func TestRecentKeepsTheLastUsed(t *testing.T) {
	r := newRecent[int, color.RGBA](20)
	r.put(1, color.RGBA{R: 1}, 10)
	r.put(2, color.RGBA{R: 2}, 10)
	r.get(1)
	r.put(3, color.RGBA{R: 3}, 10)
	if _, ok := r.get(2); ok {
		t.Error("2 was used before 1 and is still there")
	}
	if v, ok := r.get(1); !ok || v.R != 1 {
		t.Error("1 is gone")
	}
	r.put(1, color.RGBA{R: 9}, 5)
	if v, _ := r.peek(1); v.R != 9 || r.order.Len() != 2 || r.sum != 15 {
		t.Error("1 was not replaced")
	}
	r.put(4, color.RGBA{R: 4}, 1000)
	if v, ok := r.peek(4); !ok || v.R != 4 || r.order.Len() != 1 || r.sum != 1000 {
		t.Error("a value larger than all is not the only one")
	}
}
