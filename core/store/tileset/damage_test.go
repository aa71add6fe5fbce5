package tileset

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/shapes-desktop/shapes/core/store/boltfile"
)

func verifier(t testing.TB) Verifier {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return Verifier{Exe: exe, Timeout: 5 * time.Second}
}

// damages are the ways a file goes bad; each is tried at several places.
var damages = []struct {
	name string
	do   func(r *rand.Rand, b []byte) []byte
}{
	{"truncated", func(r *rand.Rand, b []byte) []byte { return b[:r.IntN(len(b))] }},
	{"zeroed page", func(r *rand.Rand, b []byte) []byte {
		p := r.IntN(len(b) / boltfile.PageSize)
		clear(b[p*boltfile.PageSize : (p+1)*boltfile.PageSize])
		return b
	}},
	{"random page", func(r *rand.Rand, b []byte) []byte {
		p := r.IntN(len(b) / boltfile.PageSize)
		for i := range boltfile.PageSize {
			b[p*boltfile.PageSize+i] = byte(r.Uint32())
		}
		return b
	}},
	{"flipped byte of a page header", func(r *rand.Rand, b []byte) []byte {
		b[r.IntN(len(b)/boltfile.PageSize)*boltfile.PageSize+r.IntN(32)] ^= byte(1 + r.IntN(255))
		return b
	}},
	{"flipped byte", func(r *rand.Rand, b []byte) []byte {
		b[r.IntN(len(b))] ^= byte(1 + r.IntN(255))
		return b
	}},
	{"garbage", func(r *rand.Rand, b []byte) []byte {
		for i := range b {
			b[i] = byte(r.Uint32())
		}
		return b
	}},
}

// readAll is what the program would show of a file that was let through.
func readAll(t *testing.T, path string) (map[uint64]string, error) {
	ts, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer ts.Close()
	return tilesOf(ts)
}

func TestDamageIsReportedAndHarmless(t *testing.T) {
	sound, err := os.ReadFile(buildSample(t, 1500))
	if err != nil {
		t.Fatal(err)
	}
	want, err := readAll(t, buildSample(t, 1500))
	if err != nil {
		t.Fatal(err)
	}
	v := verifier(t)
	for _, d := range damages {
		found := 0
		for i := range 9 {
			r := rand.New(rand.NewPCG(uint64(i), 7))
			path := filepath.Join(t.TempDir(), "node.db")
			if err := os.WriteFile(path, d.do(r, bytes.Clone(sound)), 0o600); err != nil {
				t.Fatal(err)
			}
			err := v.Verify(context.Background(), path)
			if err != nil {
				found++
				if !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), path) || strings.Contains(err.Error(), "\n") {
					t.Errorf("%s %d: %v", d.name, i, err)
				}
				continue
			}
			// Only bytes that nothing uses may go unnoticed.
			if got, err := readAll(t, path); err != nil || !equalTiles(got, want) {
				t.Errorf("%s %d: let through, but reads differently (%v)", d.name, i, err)
			}
		}
		t.Logf("%s: %d of 9 refused", d.name, found)
	}
}

func TestAChangedTileIsNoticedWhenRead(t *testing.T) {
	path := buildSample(t, 100)
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(raw, []byte("tile 5 "))
	raw[at] = 'T'
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := readAll(t, path); !errors.Is(err, ErrDamaged) {
		t.Error(err)
	}
}

func TestAFileThatShrinksWhileOpen(t *testing.T) {
	path := buildSample(t, 5000)
	ts := open(t, path)
	if err := os.Truncate(path, 3*boltfile.PageSize); err != nil {
		t.Fatal(err)
	}
	if _, err := tilesOf(ts); !errors.Is(err, ErrDamaged) {
		t.Error(err)
	}
}

func TestCleanFilesNeedNoChild(t *testing.T) {
	nobody := Verifier{Exe: filepath.Join(t.TempDir(), "no such program")}
	path := buildSample(t, 10)
	if err := nobody.Verify(context.Background(), path); err != nil {
		t.Errorf("just built: %v", err)
	}
	later := time.Now().Add(time.Hour)
	if err := os.Chtimes(path, later, later); err != nil {
		t.Fatal(err)
	}
	if err := nobody.Verify(context.Background(), path); err == nil || errors.Is(err, ErrDamaged) {
		t.Errorf("touched, and no child to be had: %v", err)
	}
	if err := verifier(t).Verify(context.Background(), path); err != nil {
		t.Errorf("touched: %v", err)
	}
	if err := nobody.Verify(context.Background(), path); err != nil {
		t.Errorf("checked: %v", err)
	}
}

func TestFilesThatAreNone(t *testing.T) {
	dir := t.TempDir()
	html := filepath.Join(dir, "a.db")
	if err := os.WriteFile(html, bytes.Repeat([]byte("<html>"), 5000), 0o600); err != nil {
		t.Fatal(err)
	}
	empty := filepath.Join(dir, "b.db")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path, say string
		damaged   bool
	}{
		{html, "not that of a tile file", true},
		{empty, "cut off at 0 bytes", true},
		{dir, "not an ordinary file", false},
		{filepath.Join(dir, "none"), "no such file", false},
	} {
		_, err := Open(c.path)
		if err == nil || !strings.Contains(err.Error(), c.say) || errors.Is(err, ErrDamaged) != c.damaged {
			t.Errorf("%s: %v", c.path, err)
		}
	}
}
