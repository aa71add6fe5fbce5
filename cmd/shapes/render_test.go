package main

import (
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/publish/preview"
	"github.com/shapes-desktop/shapes/core/store/tileset"
)

// existing returns the path of a file that stands for tiles.
func existing(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func view(lon, lat, zoom, width, height float64, theme string, lang preview.Language) picture {
	return picture{preview.Viewport{Lon: lon, Lat: lat, Zoom: zoom, Width: width, Height: height}.Clamp(), theme, lang}
}

func TestRender(t *testing.T) {
	in, out := existing(t, "a.pmtiles"), filepath.Join(t.TempDir(), "m.png")
	eng := &fakeEngine{meta: tileset.Meta{Center: [3]float64{12.5, 42, 4}}}
	code, said, errs := shapes(t, eng, "render", in, "-o", out)
	if want := view(12.5, 42, 4, 1280, 800, "light", "en"); code != 0 || eng.picture != want {
		t.Fatalf("exit %d, drew %+v, want %+v: %s", code, eng.picture, want, errs)
	}
	if !strings.Contains(said, "1280x800  #4.00/42.0000/12.5000") {
		t.Errorf("said %q", said)
	}
	f, err := os.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if img, err := png.Decode(f); err != nil || img.Bounds().Dx() != 1280 {
		t.Errorf("not the picture: %v", err)
	}
	if eng.closed != 1 {
		t.Errorf("closed %d times, want 1", eng.closed)
	}
}

func TestRenderFlags(t *testing.T) {
	in, out := existing(t, "a.pmtiles"), filepath.Join(t.TempDir(), "m.PNG")
	eng := &fakeEngine{}
	code, _, errs := shapes(t, eng, "render", in, "-o", out, "--center=-179.5,-60", "--zoom", "3.25",
		"--size", "3x2", "--theme", "dark", "--lang", "local")
	if want := view(-179.5, -60, 3.25, 3, 2, "dark", "local"); code != 0 || eng.picture != want {
		t.Errorf("exit %d, drew %+v, want %+v: %s", code, eng.picture, want, errs)
	}
}

func TestRenderLeavesNothing(t *testing.T) {
	in, dir := existing(t, "a.pmtiles"), t.TempDir()
	code, _, errs := shapes(t, &fakeEngine{err: errFake}, "render", in, "-o", filepath.Join(dir, "m.png"))
	if code != 1 || !strings.Contains(errs, "unexpected end") {
		t.Errorf("exit %d: %s", code, errs)
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("left %v", left)
	}
	code, _, errs = shapes(t, &fakeEngine{}, "render", in, "-o", filepath.Join(dir, "none", "m.png"))
	if code != 1 || !strings.Contains(errs, "the folder does not exist") {
		t.Errorf("exit %d: %s", code, errs)
	}
}

func TestOpenNode(t *testing.T) {
	eng := &fakeEngine{}
	code, _, errs := shapes(t, eng, "inspect", "World", "--data-dir", "d")
	if code != 0 || eng.opened != "d World" || eng.closed != 1 {
		t.Errorf("exit %d, opened %q, closed %d: %s", code, eng.opened, eng.closed, errs)
	}
	code, _, errs = shapes(t, eng, "inspect", "World")
	if code != 0 || eng.opened != engine.DataDir()+" World" {
		t.Errorf("exit %d, opened %q: %s", code, eng.opened, errs)
	}
}
