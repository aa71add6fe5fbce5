package collect

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/klauspost/compress/zip"
	"go.uber.org/goleak"

	"github.com/shapes-desktop/shapes/core/acquire/fetch"
	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/store/cache"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fake answers from memory.
type fake struct {
	mu      sync.Mutex
	answers map[string]func(ctx context.Context, g fetch.Get) (fetch.Got, error)
	asked   []fetch.Get
}

func newFake() *fake {
	return &fake{answers: map[string]func(context.Context, fetch.Get) (fetch.Got, error){}}
}

func (f *fake) Fetch(ctx context.Context, g fetch.Get) (fetch.Got, error) {
	f.mu.Lock()
	f.asked = append(f.asked, g)
	answer := f.answers[g.URL]
	f.mu.Unlock()
	if answer == nil {
		return fetch.Got{}, failure(g, fetch.Missing, 404)
	}
	return answer(ctx, g)
}

// urls lists what was asked for, and forgets it.
func (f *fake) urls() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []string
	for _, g := range f.asked {
		out = append(out, strings.TrimPrefix(g.URL, "https://"))
	}
	f.asked = nil
	return strings.Join(out, " ")
}

func (f *fake) set(url string, answer func(ctx context.Context, g fetch.Get) (fetch.Got, error)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.answers[url] = answer
}

// put answers a URL with data, and 304 to who has them.
func (f *fake) put(url string, data []byte) {
	f.set(url, func(_ context.Context, g fetch.Get) (fetch.Got, error) {
		state := fetch.State{URL: url, ETag: `"` + hash(data)[:8] + `"`, Size: int64(len(data))}
		if g.ETag == state.ETag {
			return fetch.Got{State: state, NotModified: true, Requests: 1}, nil
		}
		if err := os.WriteFile(g.Part, data, 0o600); err != nil {
			return fetch.Got{}, err
		}
		if g.OnBytes != nil {
			g.OnBytes(int64(len(data)), int64(len(data)))
		}
		return fetch.Got{State: state, Bytes: int64(len(data)), SHA256: hash(data), Requests: 1}, nil
	})
}

func (f *fake) fail(url string, kind fetch.Kind, status int) {
	f.set(url, func(_ context.Context, g fetch.Get) (fetch.Got, error) {
		return fetch.Got{}, failure(g, kind, status)
	})
}

func failure(g fetch.Get, kind fetch.Kind, status int) error {
	return &fetch.Error{Kind: kind, URL: g.URL, Status: status, Says: "it is " + string(kind)}
}

func hashOf(path string) (string, int, error) {
	data, err := os.ReadFile(path)
	return hash(data), len(data), err
}

func hash(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func start() time.Time { return time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC) }

// bench is a collector with all about it.
type bench struct {
	*Collector
	fake *fake
	dir  string
	now  time.Time
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{fake: newFake(), dir: filepath.Join(t.TempDir(), "cache"), now: start()}
	c, err := cache.Open(b.dir)
	if err != nil {
		t.Fatal(err)
	}
	b.Collector = New(b.fake, c, Options{Now: func() time.Time { return b.now }})
	return b
}

// sound checks that the cache holds what its names say, and as many files.
func (b *bench) sound(t *testing.T, files int) {
	t.Helper()
	problems, err := b.cache.Verify(t.Context(), nil)
	if err != nil || len(problems) > 0 {
		t.Errorf("cache: %v, %v", problems, err)
	}
	if got := len(b.cache.List()); got != files {
		t.Errorf("the cache has %d files, want %d", got, files)
	}
}

// noPartials checks that nothing was left to be continued.
func (b *bench) noPartials(t *testing.T) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(b.dir, "partial"))
	if err != nil || len(entries) > 0 {
		t.Errorf("partial: %v, %v", entries, err)
	}
}

const layerURL = "https://example.org/XYZ_1.geojson"

func layerRequest() source.Request {
	return source.Request{
		Source: "geoboundaries", URL: layerURL, Name: "XYZ_1.geojson", Cells: []source.Cell{{Country: "XYZ", Level: 1}},
		Expect:  source.Expect{Format: source.GeoJSON, Units: 2, Keys: []string{"shapeName", "shapeID"}},
		License: source.License{Name: "CC BY 4.0", Text: "Name the source.", URL: "https://example.org/licence"},
		Sources: []string{"Survey of XYZ"}, Vintage: "2020",
	}
}

// layer is a layer of n units in geoBoundaries' form.
func layer(name string, n int) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "{\n\"type\": \"FeatureCollection\",\n\"name\": %q,\n\"features\": [\n", name)
	for i := range n {
		if i > 0 {
			b.WriteString(",\n")
		}
		fmt.Fprintf(&b, `{ "type": "Feature", "properties": { "shapeName": "%s %d", "shapeISO": "", "shapeID": "%s%d", "shapeGroup": "XYZ", "shapeType": "ADM1" }, "geometry": { "type": "Polygon", "coordinates": [ [ [ %d, 0 ], [ %d.5, 0 ], [ %d.5, 0.5 ], [ %d, 0 ] ] ] } }`,
			name, i, name, i, i, i, i, i)
	}
	b.WriteString("\n]\n}\n")
	return b.Bytes()
}

// zipped packs files, given as name and content by turns.
func zipped(t testing.TB, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		f, err := w.Create(files[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(files[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pointerTo(data []byte) []byte {
	return fmt.Appendf(nil, "version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize %d\n", hash(data), len(data))
}
