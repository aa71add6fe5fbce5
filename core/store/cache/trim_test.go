package cache

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestTrimTakesWhatWasNotUsedForLongest(t *testing.T) {
	dir := t.TempDir()
	c := open(t, dir)
	for i := range 5 {
		add(t, c, fmt.Sprint("u", i), strings.Repeat(fmt.Sprint(i), 10), day(i))
	}
	first, _ := c.Find("u0", "")
	if err := c.Touch(first.SHA256, day(9)); err != nil {
		t.Fatal(err)
	}
	old, work := download(t, c, "old", "1234567890"), download(t, c, "work", "1234567890")
	if err := errors.Join(c.SavePartial("old", "", []byte("x")), os.Chtimes(work, day(-9), day(-9))); err != nil {
		t.Fatal(err)
	}
	keep := func(sha string) bool { r, _, err := c.Get(sha); return err == nil && r.URL == "u2" }
	for _, step := range []struct {
		max  int64
		gone string
		left int
	}{{70, "", 5}, {60, "", 5}, {59, "u1", 4}, {35, "u3 u4", 2}, {0, "u0", 1}} {
		gone, err := c.Trim(step.max, keep)
		var urls []string
		for _, r := range gone {
			urls = append(urls, r.URL)
		}
		if err != nil || strings.Join(urls, " ") != step.gone || len(c.List()) != step.left {
			t.Errorf("to %d: %v, %v, %d left", step.max, err, urls, len(c.List()))
		}
		if _, err := os.Stat(old); (err == nil) != (step.max == 70) {
			t.Errorf("to %d: the old part: %v", step.max, err)
		}
	}
	if _, err := os.Stat(work); err != nil {
		t.Errorf("a download that is at work: %v", err)
	}
	sound(t, open(t, dir))
	if gone, err := c.Trim(0, nil); err != nil || len(gone) != 1 {
		t.Errorf("nothing to be kept: %v, %v", gone, err)
	}
}

// model is what the cache should know.
type model struct {
	files map[string]string    // content by hash
	from  map[string][]version // by URL
}

type version struct {
	sha string
	at  int
}

// The cache behaves as a map, whatever is done to it, and the same after it is
// opened again.
func TestAgainstAMap(t *testing.T) {
	n := 0
	top := t.TempDir()
	rapid.Check(t, func(rt *rapid.T) {
		n++
		dir := filepath.Join(top, fmt.Sprint(n))
		c := open(t, dir)
		m := model{files: map[string]string{}, from: map[string][]version{}}
		at := 0
		url := rapid.SampledFrom([]string{"a", "b", "c"})
		steps := map[string]func(*rapid.T){
			"add": func(rt *rapid.T) {
				at++
				u, data := url.Draw(rt, "url"), rapid.SampledFrom([]string{"", "1", "22", "333"}).Draw(rt, "data")
				rec := add(t, c, u, data, start().Add(time.Duration(at)*time.Second))
				m.files[rec.SHA256] = data
				m.from[u] = append(slices.DeleteFunc(m.from[u], func(v version) bool { return v.sha == rec.SHA256 }), version{rec.SHA256, at})
			},
			"remove": func(rt *rapid.T) {
				list := c.List()
				if len(list) == 0 {
					return
				}
				sha := rapid.SampledFrom(list).Draw(rt, "file").SHA256
				if err := c.Remove(sha); err != nil {
					rt.Fatal(err)
				}
				m.drop(sha)
			},
			"trim": func(rt *rapid.T) {
				gone, err := c.Trim(rapid.Int64Range(0, 6).Draw(rt, "max"), nil)
				if err != nil {
					rt.Fatal(err)
				}
				for _, r := range gone {
					m.drop(r.SHA256)
				}
			},
			"open": func(*rapid.T) { c = open(t, dir) },
			"":     func(rt *rapid.T) { m.compare(rt, c) },
		}
		rt.Repeat(steps)
	})
}

func (m *model) drop(sha string) {
	delete(m.files, sha)
	for u := range m.from {
		m.from[u] = slices.DeleteFunc(m.from[u], func(v version) bool { return v.sha == sha })
	}
}

func (m *model) compare(rt *rapid.T, c *Cache) {
	if len(c.List()) != len(m.files) {
		rt.Fatalf("%d files, want %d", len(c.List()), len(m.files))
	}
	for sha, data := range m.files {
		_, path, err := c.Get(sha)
		if got, _ := os.ReadFile(path); err != nil || string(got) != data {
			rt.Fatalf("%s: %q, %v", sha, got, err)
		}
	}
	for _, u := range []string{"a", "b", "c"} {
		rec, ok := c.Find(u, "")
		vs := m.from[u]
		if ok != (len(vs) > 0) || ok && (rec.SHA256 != vs[len(vs)-1].sha || rec.URL != u) {
			rt.Fatalf("%s: %v %+v, want the last of %v", u, ok, rec, vs)
		}
	}
}
