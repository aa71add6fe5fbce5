package tileset

import (
	"errors"
	"testing"

	"github.com/shapes-desktop/shapes/core/geo/tile"
)

// A completed file is whole, and still has no name.
func TestACompletedBuildWaitsForItsName(t *testing.T) {
	path := buildSample(t, 5)
	for _, commit := range []bool{false, true} {
		b, err := Create(path)
		if err == nil {
			err = b.Put(tile.FromHilbert(0), content(1))
		}
		if err == nil {
			err = errors.Join(b.Complete(sampleMeta()), b.Complete(sampleMeta()))
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Put(tile.FromHilbert(1), content(1)); err == nil {
			t.Error("a completed file took another tile")
		}
		if n := len(tilesIn(t, path)); n != 5 {
			t.Fatalf("%d tiles before the commit", n)
		}
		if commit {
			err = b.Commit(sampleMeta())
		} else {
			err = b.Abort()
		}
		if want := map[bool]int{false: 5, true: 1}[commit]; err != nil || len(tilesIn(t, path)) != want {
			t.Errorf("commit %v: %d tiles, %v", commit, len(tilesIn(t, path)), err)
		}
	}
}

func tilesIn(t *testing.T, path string) (ids []tile.ID) {
	t.Helper()
	ts, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer ts.Close()
	if err := ts.Each(t.Context(), func(id tile.ID, _ []byte) error {
		ids = append(ids, id)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return ids
}
