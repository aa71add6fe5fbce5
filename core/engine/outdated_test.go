package engine

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/shapes-desktop/shapes/core/model/session"
)

// What a second try has made and could not put in place is not counted: the
// tiles of the first are there, and the run says so until a third goes well.
func TestALaterTryThatIsNotPutInPlace(t *testing.T) {
	e, node, want := undisturbed(t)
	s := disturb(t, e, node, 2, func(id string) error { return e.Cancel(t.Context(), id, node+"-vectortile-z6") })
	s, err := e.Wait(t.Context(), s.ID)
	if err != nil || s.Status != session.Completed || s.Stopped == 0 {
		t.Fatalf("%s %q %d, %v", s.Status, s.Reason, s.Stopped, err)
	}
	first, err := e.Runs(t.Context(), node)
	if err != nil || first[0].Tiles >= len(want) || first[0].Faults["missing-tiles"] == 0 {
		t.Fatalf("the first try: %+v, %v", first[0], err)
	}

	path, aside := e.tileFile(node), filepath.Join(t.TempDir(), "tiles")
	again := func() Session {
		t.Helper()
		if err := e.Retry(t.Context(), s.ID, ""); err != nil {
			t.Fatal(err)
		}
		s, err := e.Wait(t.Context(), s.ID)
		if err != nil || s.Status != session.Completed {
			t.Fatalf("%s %q, %v", s.Status, s.Reason, err)
		}
		return s
	}
	// A folder that is not empty has the name of the tiles.
	if err := errors.Join(os.Rename(path, aside), os.MkdirAll(filepath.Join(path, "in"), 0o700)); err != nil {
		t.Fatal(err)
	}
	if s := again(); s.Failed != 1 || !strings.Contains(s.Reason, "not put in place") || !strings.Contains(s.Reason, "the try before") {
		t.Errorf("the second try: %q, %d failed", s.Reason, s.Failed)
	}
	second, err := e.Runs(t.Context(), node)
	if r := second[0]; err != nil || len(second) != len(first)+1 || r.Tiles != first[0].Tiles || r.Bytes != first[0].Bytes ||
		r.MaxZoom != first[0].MaxZoom || r.Faults["missing-tiles"] == 0 {
		t.Errorf("the second try: %+v, %v; want what the first made: %+v", r, err, first[0])
	}

	if err := errors.Join(os.RemoveAll(path), os.Rename(aside, path)); err != nil {
		t.Fatal(err)
	}
	again()
	same(t, tilesOf(t, e, node), want)
	third, err := e.Runs(t.Context(), node)
	if err != nil || third[0].Tiles != len(want) || third[0].Faults["missing-tiles"] != 0 {
		t.Errorf("the third try: %+v, %v", third[0], err)
	}
}
