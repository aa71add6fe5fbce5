package shape

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shapes-desktop/shapes/core/geo/tile"
)

// What reads as an image is one whose image reads the same.
func FuzzImage(f *testing.F) {
	s := New("n")
	for _, change := range []func(){
		func() {},
		func() { s.Selection, s.License = Selection{"JPN": {1}}, &Consent{Who: "ann"} },
		func() { s.Files, s.Metadata.Tags = []File{{Path: "/a"}}, []string{"x"} },
	} {
		change()
		data, err := s.Image()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
		f.Add(data[:len(data)/2])
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := readImage(data)
		if err != nil {
			return
		}
		once, err := s.Image()
		if err != nil {
			return // a time beyond the year 9999, which cannot be written
		}
		again, err := readImage(once)
		if err != nil {
			t.Fatal(err)
		}
		twice, err := again.Image()
		if err != nil || !bytes.Equal(once, twice) {
			t.Fatal(cmp.Diff(s, again), err)
		}
	})
}

func TestBoundsAreThoseOfTiles(t *testing.T) {
	if MaxZoom != tile.MaxZoom {
		t.Errorf("settings go to zoom %d, tiles to %d", MaxZoom, tile.MaxZoom)
	}
}
