package cache

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
)

func TestSoundTakesDamagedBytesOut(t *testing.T) {
	dir := t.TempDir()
	c := open(t, dir)
	rec := add(t, c, "u", "abcdef", day(0))
	if got, path, err := c.Sound(t.Context(), rec.SHA256); err != nil || got.SHA256 != rec.SHA256 || path != c.path(rec.SHA256) {
		t.Fatalf("sound bytes: %s, %v", path, err)
	}
	if err := os.WriteFile(c.path(rec.SHA256), []byte("abcdeF"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.Get(rec.SHA256); err != nil {
		t.Errorf("size and time tell nothing: %v", err)
	}
	if _, path, err := c.Sound(t.Context(), rec.SHA256); !errors.Is(err, ErrDamaged) || path != "" || !strings.Contains(err.Error(), rec.Name) {
		t.Errorf("a flipped bit: %q, %v", path, err)
	}
	for _, c := range []*Cache{c, open(t, dir)} {
		if _, ok := c.Find("u", ""); ok || len(c.List()) != 0 {
			t.Error("the damaged file is found")
		}
		sound(t, c)
	}
	if _, _, err := c.Sound(t.Context(), rec.SHA256); !errors.Is(err, ErrMissing) {
		t.Errorf("afterwards: %v", err)
	}
	add(t, c, "u", "abcdef", day(1))
	if _, _, err := c.Sound(t.Context(), rec.SHA256); err != nil {
		t.Errorf("fetched anew: %v", err)
	}
}

// Who gives up waiting has not found any damage.
func TestSoundEndsWithItsContext(t *testing.T) {
	c := open(t, t.TempDir())
	rec := add(t, c, "u", "abc", day(0))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := c.Sound(ctx, rec.SHA256); !errors.Is(err, context.Canceled) || len(c.List()) != 1 {
		t.Error(err)
	}
}
