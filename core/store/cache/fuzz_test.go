package cache

import (
	"encoding/json"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// What is in a sidecar never leads out of the cache, and what is read of one is
// the same when it is written and read again.
func FuzzRecord(f *testing.F) {
	sha := strings.Repeat("ab", 32)
	f.Add([]byte(`{"sha256":"` + sha + `","size":3,"name":"a","url":"u","fetched":"2026-11-01T12:00:00Z","cells":["JPN:1"]}`))
	f.Add([]byte(`{"sha256":"` + sha + `","size":3,"also":[{"sha256":"` + sha + `","size":3,"url":"v"}]}`))
	f.Add([]byte(`{"sha256":"../../etc/passwd","size":-1}`))
	f.Add([]byte(`{"sha256":"` + sha + `","also":[{"sha256":"x"}]}`))
	f.Add([]byte(`[`))
	f.Fuzz(func(t *testing.T, b []byte) {
		rec, err := decodeRecord(b, sha)
		if err != nil {
			return
		}
		c := &Cache{dir: "/cache", files: map[string]*entry{}, address: map[address]string{}}
		c.put(rec)
		for _, r := range append(rec.all(), c.List()...) {
			if r.SHA256 != sha || r.Size < 0 || filepath.Dir(filepath.Dir(c.path(r.SHA256))) != c.dir {
				t.Fatalf("%+v", r)
			}
			if found, ok := c.Find(r.URL, r.Form); !ok || found.URL != r.URL {
				t.Fatalf("%q is not found: %+v", r.URL, found)
			}
		}
		text, err := json.Marshal(rec)
		if err != nil {
			t.Fatal(err)
		}
		again, err := decodeRecord(text, sha)
		second, _ := json.Marshal(again)
		if err != nil || !reflect.DeepEqual(text, second) {
			t.Fatalf("%v\n%s\n%s", err, text, second)
		}
	})
}
