package collect

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/shapes-desktop/shapes/core/acquire/fetch"
	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/store/cache"
)

// flip changes a bit of a file; its size stays.
func flip(t *testing.T, path string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)/2] ^= 1
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestDamagedBytesAreFetchedAnew(t *testing.T) {
	for _, refresh := range []bool{false, true} {
		b := newBench(t)
		data := layer("XYZ", 2)
		b.fake.put(layerURL, data)
		o := Order{Request: layerRequest()}
		_, path, err := b.Get(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		flip(t, path)
		o.Refresh = refresh
		_, path, err = b.Get(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		if got, _, err := hashOf(path); err != nil || got != hash(data) {
			t.Errorf("refresh %v: damaged bytes were handed on (%v)", refresh, err)
		}
		if asked := b.fake.asked; len(asked) != 2 || asked[1].ETag != "" {
			t.Errorf("refresh %v: asked %+v", refresh, asked)
		}
		b.sound(t, 1)
		b.noPartials(t)
	}
}

func TestDamagedBytesAreNotUsedWithoutANetwork(t *testing.T) {
	b := newBench(t)
	b.fake.put(layerURL, layer("XYZ", 2))
	o := Order{Request: layerRequest()}
	_, path, err := b.Get(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	flip(t, path)
	b.fake.fail(layerURL, fetch.Offline, 0)
	_, path, err = b.Get(t.Context(), o)
	var e *Error
	if !errors.As(err, &e) || path != "" || !strings.Contains(e.Kept, cache.ErrDamaged.Error()) {
		t.Errorf("%q, %v", path, err)
	}
	b.sound(t, 0)
}

// The record of an API says where data are: a damaged one might say anything.
func TestDamagedStepsAreFetchedAnew(t *testing.T) {
	const (
		api   = "https://example.org/api/XYZ/"
		raw   = "https://github.com/o/r/raw/abc123/XYZ_1.geojson"
		media = "https://media.githubusercontent.com/media/o/r/abc123/XYZ_1.geojson"
	)
	b := newBench(t)
	data := layer("XYZ", 2)
	b.fake.put(api, []byte(`{"data": "here"}`))
	b.fake.put(raw, pointerTo(data))
	b.fake.put(media, data)
	o := Order{Request: source.Request{URL: api, Name: "XYZ.json", Expect: source.Expect{Format: source.JSON}}}
	o.Request.Follow = func([]byte) (source.Request, error) {
		r := layerRequest()
		r.URL = raw
		return r, nil
	}
	for range 2 {
		_, path, err := b.Get(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		if got, _, err := hashOf(path); err != nil || got != hash(data) {
			t.Errorf("damaged bytes were handed on (%v)", err)
		}
		if n := len(strings.Fields(b.fake.urls())); n != 3 {
			t.Errorf("%d addresses were asked", n)
		}
		b.sound(t, 2)
		for _, rec := range b.cache.List() {
			_, path, err := b.cache.Get(rec.SHA256)
			if err != nil {
				t.Fatal(err)
			}
			flip(t, path)
		}
	}
}
