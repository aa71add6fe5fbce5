package cache

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var errStop = errors.New("the process ends here")

// The process ends after each step of each change: what is opened then is the
// cache from before or after, but for what Verify finds and Repair clears.
func TestTheProcessEndsAtAnyStep(t *testing.T) {
	for _, change := range []struct {
		name  string
		steps []string
		do    func(t *testing.T, c *Cache) error
	}{
		{"add", []string{"folder", "bytes", "record"}, func(t *testing.T, c *Cache) error {
			_, err := c.Add(Record{URL: "new"}, download(t, c, "new", "new"))
			return err
		}},
		{"add the same bytes", []string{"folder", "bytes", "record"}, func(t *testing.T, c *Cache) error {
			_, err := c.Add(Record{URL: "new"}, download(t, c, "new", "old"))
			return err
		}},
		{"replace", []string{"folder", "bytes", "record"}, func(t *testing.T, c *Cache) error {
			_, err := c.Add(Record{URL: "old", Fetched: day(1)}, download(t, c, "old", "new"))
			return err
		}},
		{"update", []string{"record"}, func(t *testing.T, c *Cache) error {
			rec, _ := c.Find("old", "")
			rec.Checked = day(1)
			return c.Update(rec)
		}},
		{"remove", []string{"record", "bytes"}, func(t *testing.T, c *Cache) error {
			return c.Remove(c.List()[0].SHA256)
		}},
		{"take a partial", []string{"taken"}, func(t *testing.T, c *Cache) error {
			download(t, c, "p", "abc")
			if err := c.SavePartial("p", "", []byte("state")); err != nil {
				return err
			}
			_, _, err := c.Partial("p", "")
			return err
		}},
	} {
		for _, step := range change.steps {
			t.Run(change.name+", "+step, func(t *testing.T) {
				dir := t.TempDir()
				c := open(t, dir)
				add(t, c, "old", "old", day(0))
				c.after = func(s string) error {
					if s == step {
						return errStop
					}
					return nil
				}
				if err := change.do(t, c); !errors.Is(err, errStop) {
					t.Fatalf("the step was not reached: %v", err)
				}
				reopened(t, dir, change.name != "remove")
			})
		}
	}
}

// reopened checks a cache after the process ended.
func reopened(t *testing.T, dir string, old bool) {
	t.Helper()
	c := open(t, dir)
	for _, rec := range c.List() {
		_, path, err := c.Get(rec.SHA256)
		if sha, _, hashErr := hashFile(t.Context(), path); err != nil || hashErr != nil || sha != rec.SHA256 {
			t.Errorf("%s: %v, %v", rec.URL, err, hashErr)
		}
	}
	if _, ok := c.Find("old", ""); ok != old && old {
		t.Error("what was there is gone")
	}
	problems, err := c.Verify(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		if p.Kind != NoRecord {
			t.Errorf("left: %+v", p)
		}
		if err := c.Repair(p, Discard); err != nil {
			t.Error(err)
		}
	}
	sound(t, c)
	if _, state, err := c.Partial("p", ""); state != nil || err != nil {
		t.Errorf("the state was taken, but is there: %q, %v", state, err)
	}
	add(t, c, "new", "new", day(2)) // and it works on
	add(t, c, "old", "old", day(2))
	sound(t, c)
}

func TestLeftoversOfWritesAreRemoved(t *testing.T) {
	dir := t.TempDir()
	rec := add(t, open(t, dir), "u", "abc", day(0))
	for _, left := range []string{filepath.Join(rec.SHA256[:2], "."+rec.SHA256+".json.123.tmp"), filepath.Join("partial", ".x.json.9.tmp")} {
		if err := os.WriteFile(filepath.Join(dir, left), []byte("{"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "mine.txt"), nil, 0o600); err != nil { // not ours to remove
		t.Fatal(err)
	}
	sound(t, open(t, dir))
	want := []string{rec.SHA256[:2] + "/" + rec.SHA256, rec.SHA256[:2] + "/" + rec.SHA256 + ".json", "mine.txt"}
	if got := tree(t, dir); !slices.Equal(got, want) {
		t.Errorf("files %v", got)
	}
}

func TestACacheThatCannotBe(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(filepath.Join(file, "cache")); err == nil || !strings.Contains(err.Error(), "open the cache") {
		t.Error(err)
	}
}
