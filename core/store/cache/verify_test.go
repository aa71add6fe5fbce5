package cache

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// damagedCache has a file with each kind of problem, and a sound one.
func damagedCache(t *testing.T) (dir string, want map[string]ProblemKind) {
	t.Helper()
	dir, want = t.TempDir(), map[string]ProblemKind{}
	c := open(t, dir)
	add(t, c, "sound", "sound", day(0))
	spoil := func(name string, kind ProblemKind, do func(path string) error) {
		rec := add(t, c, name, name, day(0))
		if err := do(c.path(rec.SHA256)); err != nil {
			t.Fatal(err)
		}
		want[rec.SHA256] = kind
	}
	write := func(ext, text string) func(path string) error {
		return func(path string) error { return os.WriteFile(path+ext, []byte(text), 0o600) }
	}
	spoil("longer", Damaged, write("", "longer than it was"))
	spoil("changed", Damaged, write("", "chanGed"))
	spoil("no file", NoFile, os.Remove)
	spoil("no record", NoRecord, func(path string) error { return os.Remove(path + recordExt) })
	spoil("no JSON", BadRecord, write(recordExt, "{"))
	spoil("other record", BadRecord, write(recordExt, `{"sha256":"../x","size":3}`))
	spoil("wrong size", BadRecord, func(path string) error {
		return os.WriteFile(path+recordExt, []byte(`{"sha256":"`+filepath.Base(path)+`","size":7}`), 0o600)
	})
	spoil("too long", BadRecord, write(recordExt, `"`+strings.Repeat("x", maxRecord)+`"`))
	if err := os.WriteFile(filepath.Join(filepath.Dir(c.path(c.List()[0].SHA256)), "stray.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	want[""] = Stray
	return dir, want
}

func TestVerifyFindsAndRepairTakesAway(t *testing.T) {
	for _, how := range []Remedy{SetAside, Discard} {
		dir, want := damagedCache(t)
		c := open(t, dir)
		if got := len(c.Faults()); got != 3 {
			t.Errorf("Open finds %d damaged records: %+v", got, c.Faults())
		}
		done := 0
		problems, err := c.Verify(t.Context(), func(n, total int) {
			if done++; n != done || total != 9 {
				t.Errorf("progress %d of %d", n, total)
			}
		})
		if err != nil || len(problems) != len(want) {
			t.Fatalf("%v, %d problems: %+v", err, len(problems), problems)
		}
		for _, p := range problems {
			if p.Kind != want[p.SHA256] || p.Says == "" {
				t.Errorf("%+v, want %s", p, want[p.SHA256])
			}
			if err := c.Repair(p, how); err != nil {
				t.Error(err)
			}
		}
		for _, c := range []*Cache{c, open(t, dir)} {
			sound(t, c)
			if got := c.List(); len(got) != 1 || got[0].URL != "sound" {
				t.Errorf("left %+v", got)
			}
		}
		aside := 0
		for _, name := range tree(t, dir) {
			if strings.HasPrefix(name, asideDir+"/") {
				aside++
			}
		}
		if (aside == 15) != (how == SetAside) || how == Discard && aside != 0 {
			t.Errorf("%s: %d files set aside", how, aside)
		}
	}
}

func TestRepairLeavesWhatIsSound(t *testing.T) {
	dir := t.TempDir()
	c := open(t, dir)
	rec := add(t, c, "u", "abc", day(0))
	if err := c.Repair(Problem{Kind: Damaged, SHA256: rec.SHA256}, Discard); err != nil {
		t.Fatal(err)
	}
	outside := filepath.Join(t.TempDir(), "mine")
	if err := os.WriteFile(outside, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{outside, c.path(rec.SHA256), filepath.Join(dir, "ab", "..", "..", "x"), filepath.Join(dir, "partial", "x")} {
		if err := c.Repair(Problem{Kind: Stray, Path: path}, Discard); err == nil {
			t.Errorf("%s was repaired", path)
		}
	}
	if _, err := os.Stat(outside); err != nil {
		t.Error(err)
	}
	sound(t, c)
	if len(c.List()) != 1 {
		t.Error("a sound file is gone")
	}
}

func TestVerifyEndsWithItsContext(t *testing.T) {
	c := open(t, t.TempDir())
	add(t, c, "u", "abc", day(0))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Verify(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
