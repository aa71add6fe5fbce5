package archive

import (
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/shapes-desktop/shapes/core/geo/tile"
)

func TestAFullDiskIsSaidInPlainWords(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.mbtiles")
	w, err := createMBTiles(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.tx.Exec("PRAGMA max_page_count = 10"); err != nil { // gives the code of a full disk
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 1))
	for h := uint64(0); err == nil && h < 100; h++ {
		noise := make([]byte, 2000)
		for i := range noise {
			noise[i] = byte(r.Uint32())
		}
		err = w.Put(tile.FromHilbert(h), gz(t, string(noise)))
	}
	if !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), "the disk is full") || !strings.Contains(err.Error(), path) {
		t.Error(err)
	}
	if err := w.Commit(sampleMeta()); !errors.Is(err, syscall.ENOSPC) {
		t.Error(err)
	}
	if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 0 {
		t.Error(left)
	}
}
