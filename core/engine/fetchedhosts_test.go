package engine

import (
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/model/tree"
)

const completed = "completed"

var testDay = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// hosts is a loopback server that has the real hosts as its first folders.
type hosts struct {
	*httptest.Server
	mu    sync.Mutex
	files map[string][]byte // by host and path
	down  string            // what begins with it is out of order; "": nothing is
	asked []string
	// before is called with each name that is asked for, and may wait; nil: nothing.
	before func(name string)
}

func newHosts(t *testing.T) *hosts {
	h := &hosts{files: map[string][]byte{}}
	h.Server = httptest.NewServer(h)
	t.Cleanup(h.Close)
	return h
}

func (h *hosts) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, "/")
	if h.before != nil {
		h.before(name)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.asked = append(h.asked, name)
	data, ok := h.files[name]
	if h.down != "" && strings.HasPrefix(name, h.down) {
		http.Error(w, "out of order", http.StatusServiceUnavailable)
		return
	}
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("ETag", `"v1"`)
	http.ServeContent(w, r, "", testDay, strings.NewReader(string(data)))
}

// requests returns what was asked for since the last call.
func (h *hosts) requests() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	out := h.asked
	h.asked = nil
	return out
}

// mirror sends the addresses of the real hosts to the server.
func (h *hosts) mirror() Network {
	m := map[string]string{}
	for _, host := range []string{
		"naturalearth.s3.amazonaws.com", "naciscdn.org", "www.geoboundaries.org", "github.com", "media.githubusercontent.com",
		"geodata.ucdavis.edu", "overpass-api.de",
	} {
		m["https://"+host+"/"] = h.URL + "/" + host + "/"
	}
	return Network{Mirrors: m}
}

// shared is a file of the shared data folder.
func sharedSource(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "data", "sources", path))
	if errors.Is(err, os.ErrNotExist) {
		t.Skipf("no %s: the shared data folder is not here", path)
	}
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// runFetched makes a shape, runs it and returns how its session ended.
func runFetched(t *testing.T, e *Engine, with NewShape) (node string, sum shape.RunSummary) {
	t.Helper()
	ctx := t.Context()
	terms, err := e.Terms(ctx, with.Source, with.Variant, with.Selection)
	if err != nil {
		t.Fatal(err)
	}
	with.License = terms.Accept("ann", testDay)
	ed, err := e.New(ctx, tree.Root, with)
	if err == nil {
		_, err = e.Finish(ctx, ed.Node)
	}
	if err != nil {
		t.Fatal(err)
	}
	s, err := e.Start(ctx, ed.Node)
	if err == nil {
		_, err = e.Wait(ctx, s.ID)
	}
	if err != nil && !errors.Is(err, ErrNoSession) {
		t.Fatal(err)
	}
	runs, err := e.Runs(ctx, ed.Node)
	if err != nil || len(runs) != 1 {
		t.Fatalf("%d runs, %v", len(runs), err)
	}
	return ed.Node, runs[0]
}

func openFetching(t *testing.T, h *hosts) *Engine {
	t.Helper()
	e, err := Open(t.Context(), t.TempDir(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	e.UseNetwork(h.mirror())
	return e
}
