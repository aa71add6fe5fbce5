package collect

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/shapes-desktop/shapes/core/acquire/fetch"
	"github.com/shapes-desktop/shapes/core/acquire/source"
)

func TestAnAnswerIsFollowed(t *testing.T) {
	const api = "https://example.org/api/XYZ/"
	b := newBench(t)
	index := func(to string) []byte { return fmt.Appendf(nil, `{"gjDownloadURL": %q}`, to) }
	request := source.Request{
		URL: api, Name: "XYZ.json", Expect: source.Expect{Format: source.JSON},
		Follow: func(answer []byte) (source.Request, error) {
			_, to, ok := strings.Cut(strings.TrimSuffix(string(answer), `"}`), `: "`)
			if !ok {
				return source.Request{}, errors.New("there is no gjDownloadURL")
			}
			r := layerRequest()
			r.URL = to
			return r, nil
		},
	}
	o := Order{Request: request}
	b.fake.put(api, []byte(`{"error": 1}`))
	if _, _, err := b.Get(t.Context(), o); ReasonOf(err) != Astray || !strings.Contains(err.Error(), "no gjDownloadURL") {
		t.Errorf("an answer that leads nowhere: %v", err)
	}
	b.sound(t, 0)
	b.fake.put(api, index(layerURL))
	b.fake.put(layerURL, layer("XYZ", 2))
	b.fake.urls()
	for _, want := range []string{"example.org/api/XYZ/ example.org/XYZ_1.geojson", ""} {
		rec, _, err := b.Get(t.Context(), o)
		if got := b.fake.urls(); err != nil || rec.URL != layerURL || got != want {
			t.Errorf("%v, asked %q", err, got)
		}
	}
	b.sound(t, 2)
	// The data have moved: the answer of the cache is out of date.
	moved := "https://example.org/moved.geojson"
	rec, _ := b.cache.Find(layerURL, "")
	if err := b.cache.Remove(rec.SHA256); err != nil {
		t.Fatal(err)
	}
	b.fake.fail(layerURL, fetch.Missing, 404)
	b.fake.put(api, index(moved))
	b.fake.put(moved, layer("XYZ", 2))
	if rec, _, err := b.Get(t.Context(), o); err != nil || rec.URL != moved {
		t.Errorf("moved: %v", err)
	}
	if got := b.fake.urls(); got != "example.org/XYZ_1.geojson example.org/api/XYZ/ example.org/moved.geojson" {
		t.Errorf("asked %q", got)
	}
}

func TestAnEndlessChainEnds(t *testing.T) {
	b := newBench(t)
	n := 0
	var follow func([]byte) (source.Request, error)
	make := func(n int) source.Request {
		return source.Request{URL: fmt.Sprintf("https://example.org/%d", n), Name: "x", Expect: source.Expect{Format: source.JSON}, Follow: follow}
	}
	follow = func([]byte) (source.Request, error) { n++; return make(n), nil }
	b.fake.put("https://example.org/0", []byte("{}"))
	for i := range 100 {
		b.fake.put(fmt.Sprintf("https://example.org/%d", i), []byte("{}"))
	}
	if _, _, err := b.Get(t.Context(), Order{Request: make(0)}); ReasonOf(err) != Astray {
		t.Error(err)
	}
	if got := strings.Fields(b.fake.urls()); len(got) > maxFollow+1 {
		t.Errorf("asked %v", got)
	}
}

func TestAPointerIsFollowedAndVerified(t *testing.T) {
	const (
		raw   = "https://github.com/o/r/raw/abc123/data/XYZ_1.geojson"
		media = "https://media.githubusercontent.com/media/o/r/abc123/data/XYZ_1.geojson"
	)
	data := layer("XYZ", 2)
	o := Order{Request: layerRequest()}
	o.Request.URL = raw
	b := newBench(t)
	b.fake.put(raw, pointerTo(data))
	for name, wrong := range map[string][]byte{"other bytes": layer("XYY", 2), "a pointer": pointerTo(data), "longer": layer("XYZ", 3)} {
		b.fake.put(media, wrong)
		if _, _, err := b.Get(t.Context(), o); ReasonOf(err) != Checksum && ReasonOf(err) != Pointer {
			t.Errorf("%s: %v", name, err)
		}
		b.sound(t, 0)
	}
	b.fake.put(media, data)
	rec, _, err := b.Get(t.Context(), o)
	if err != nil || rec.URL != raw || rec.Asked != media || rec.SHA256 != hash(data) {
		t.Fatalf("%v, %+v", err, rec)
	}
	b.fake.urls()
	o.Refresh = true // the pointer tells that nothing is new
	if rec, _, err := b.Get(t.Context(), o); err != nil || rec.SHA256 != hash(data) || rec.Asked != media {
		t.Errorf("refresh: %v, %+v", err, rec)
	}
	if got := b.fake.urls(); got != strings.TrimPrefix(raw, "https://") {
		t.Errorf("asked %s", got)
	}
	// The same bytes behind another pointer are not fetched a second time.
	o.Request.URL = "https://raw.githubusercontent.com/o/r/main/XYZ_1.geojson"
	b.fake.put(o.Request.URL, pointerTo(data))
	if rec, _, err := b.Get(t.Context(), o); err != nil || rec.URL != o.Request.URL || len(rec.Also) != 1 {
		t.Errorf("same bytes: %v, %+v", err, rec)
	}
	b.sound(t, 1)
	b.noPartials(t)
	o.Request.URL = "https://example.net/x.geojson"
	b.fake.put(o.Request.URL, pointerTo(data))
	if _, _, err := b.Get(t.Context(), o); ReasonOf(err) != Pointer {
		t.Errorf("a pointer from nowhere: %v", err)
	}
}
