package schedule

import (
	"bytes"
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/pipeline"
)

// Places are read as they were written.
func TestRunsThereAndBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := rapid.SliceOfNDistinct(rapid.IntRange(0, 60), 1, 40, rapid.ID).Draw(t, "places")
		slices.Sort(at)
		text := appendRuns(at)
		got, err := parseRuns(text, len(at))
		if err != nil || !slices.Equal(got, at) {
			t.Fatalf("%v as %q is read as %v, %v", at, text, got, err)
		}
		for _, n := range []int{len(at) - 1, len(at) + 1} {
			if _, err := parseRuns(text, n); err == nil {
				t.Fatalf("%q is taken for %d places", text, n)
			}
		}
	})
}

func FuzzRuns(f *testing.F) {
	f.Add("0-99,105", 101)
	f.Add("5", 1)
	f.Add("0-9223372036854775807", 3)
	f.Add("0,9223372036854775807", 3)
	f.Add("-1--5,", 0)
	f.Fuzz(func(t *testing.T, text string, n int) {
		if n < 0 || n > 1<<16 {
			return
		}
		if got, err := parseRuns(text, n); err == nil && len(got) != n {
			t.Fatalf("%d places of %d", len(got), n)
		}
	})
}

// Tiles are read as they were written, their quality to a millionth.
func TestTilesThereAndBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var data []byte
		var tiles []pipeline.Tile
		var qualities []float64
		for range rapid.IntRange(0, 8).Draw(t, "tiles") {
			z := uint8(rapid.IntRange(0, 22).Draw(t, "zoom"))
			end := uint32(1)<<z - 1
			id := tile.ID{Z: z, X: rapid.Uint32Range(0, end).Draw(t, "x"), Y: rapid.Uint32Range(0, end).Draw(t, "y")}
			tiles = append(tiles, pipeline.Tile{ID: id, Data: rapid.SliceOf(rapid.Byte()).Draw(t, "data")})
			qualities = append(qualities, rapid.Float64Range(0, 1).Draw(t, "quality"))
			data = appendTile(data, tiles[len(tiles)-1], qualities[len(tiles)-1])
		}
		n := 0
		if err := eachTile(data, func(id tile.ID, gz []byte, quality float64) error {
			if w := tiles[n]; id != w.ID || !bytes.Equal(gz, w.Data) || math.Abs(quality-qualities[n]) > qualityUnit {
				t.Fatalf("tile %v with quality %g is read as %v with %g", w.ID, qualities[n], id, quality)
			}
			n++
			return nil
		}); err != nil || n != len(tiles) {
			t.Fatalf("%d tiles of %d, %v", n, len(tiles), err)
		}
		if len(data) > 0 {
			err := eachTile(data[:len(data)-1], func(tile.ID, []byte, float64) error { return nil })
			if !errors.Is(err, ErrLost) {
				t.Fatalf("cut short: %v", err)
			}
		}
	})
}

func FuzzTiles(f *testing.F) {
	f.Add(appendTile(nil, pipeline.Tile{ID: tile.ID{Z: 3, X: 1, Y: 2}, Data: []byte("tile")}, 0.5))
	f.Add(bytes.Repeat([]byte{0xff}, 30))
	f.Fuzz(func(t *testing.T, data []byte) {
		sum := 0
		err := eachTile(data, func(id tile.ID, gz []byte, quality float64) error {
			if quality < 0 || quality > 1 || id.Z > 31 {
				t.Fatalf("tile %v, quality %g", id, quality)
			}
			sum += len(gz)
			return nil
		})
		if sum > len(data) || err != nil && !errors.Is(err, ErrLost) {
			t.Fatalf("%d bytes of %d, %v", sum, len(data), err)
		}
	})
}
