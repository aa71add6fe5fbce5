package engine

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/shapes-desktop/shapes/core/model/shape"
)

// TestDamagedFileIsNotDrawn: a bit that has flipped in the cache since the file
// was fetched, which neither size nor time tells.
func TestDamagedFileIsNotDrawn(t *testing.T) {
	h := newHosts(t)
	serveGADM(h)
	e := openFetching(t, h)
	spoil := func() {
		t.Helper()
		files, err := e.Cached(t.Context())
		if err != nil || len(files) != 1 {
			t.Fatalf("%+v, %v", files, err)
		}
		sha := files[0].SHA256
		path := filepath.Join(e.dir, "cache", sha[:2], sha)
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		at := strings.Index(string(data), "[[") + 3
		data[at] ^= 1 // a digit of a coordinate
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cfg := shape.Defaults()
	cfg.Download.Retries = 0
	with := NewShape{Name: "Belgium", Source: shape.GADM, Selection: shape.Selection{"BEL": {0}}, Config: &cfg}
	if _, s := runFetched(t, e, with); s.Status != completed {
		t.Fatalf("%s: %s", s.Status, s.Reason)
	}
	h.requests()
	spoil()
	with.Name = "Again"
	if _, s := runFetched(t, e, with); s.Status != completed || len(h.requests()) != 1 {
		t.Errorf("damaged bytes were not fetched anew: %s %s", s.Status, s.Reason)
	}
	spoil()
	h.down = "geodata.ucdavis.edu/"
	with.Name = "Offline"
	if _, s := runFetched(t, e, with); s.Status == completed || !strings.Contains(s.Reason, "no longer those that were fetched") {
		t.Errorf("drawn of damaged bytes: %s %s", s.Status, s.Reason)
	}
}
