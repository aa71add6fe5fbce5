package bundle

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func fuzzLimits() Limits {
	l := DefaultLimits()
	l.Manifest, l.Recipe = 1<<20, 1<<20
	return l
}

// FuzzReader reads archives of any bytes.
func FuzzReader(f *testing.F) {
	f.Add(packed(f, sample()))
	f.Add(with(f, manifestEntry, `"version": 1`, `"version": 2`))
	f.Add(pack(f, entry{manifestEntry, `{"format":"shapes-desktop bundle","version":1,"nodes":[]}`}))
	f.Fuzz(func(t *testing.T, data []byte) { tryReading(t, data) })
}

// FuzzTexts reads archives that are sound but for what their entries say.
func FuzzTexts(f *testing.F) {
	list := parts(f)
	f.Add(list[0].text, list[1].text)
	f.Fuzz(func(t *testing.T, manifest, recipe string) {
		tryReading(t, pack(t, entry{manifestEntry, manifest}, entry{"recipe/s.json", recipe}, list[2]))
	})
}

// tryReading makes sure that what is read can be written, and is the same
// again, and that what cannot be read is refused with an error of its kind.
func tryReading(t *testing.T, data []byte) {
	l := fuzzLimits()
	r, err := NewReader(bytes.NewReader(data), int64(len(data)), l)
	if err != nil {
		if !errors.Is(err, ErrFormat) && !errors.Is(err, ErrNewer) && !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrLimit) {
			t.Fatalf("an error of no kind: %v", err)
		}
		return
	}
	for i := range r.Nodes {
		r.Nodes[i].Tiles = false
	}
	r.Created = r.Created.Truncate(time.Second)
	again := packed(t, r.Manifest)
	s, err := NewReader(bytes.NewReader(again), int64(len(again)), l)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(r.Manifest, s.Manifest); diff != "" {
		t.Fatal(diff)
	}
}

// Lists and maps that are written as empty mean the same as none.
func TestEmptyIsNone(t *testing.T) {
	for _, text := range []string{`"selection": {}, "config"`, `"files": [], "config"`, `"consent": null, "config"`} {
		tryReading(t, with(t, "recipe/s.json", `"config"`, text))
	}
	tryReading(t, with(t, "recipe/s.json", `"metadata": {`, `"metadata": {"tags": []`))
	tryReading(t, with(t, "recipe/s.json", `"maxzoom"`, `"minzoom": {}, "layers": [], "maxzoom"`))
}
