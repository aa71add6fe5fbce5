package ingest

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/shapes-desktop/shapes/core/geo/feature"
)

// unpacked returns the decompressed bench files, by name.
func unpacked(b *testing.B) map[string][]byte {
	b.Helper()
	files, _ := filepath.Glob(filepath.Join(sharedData, "bench", "*.gz"))
	if len(files) == 0 {
		b.Skip("no shared data")
	}
	out := map[string][]byte{}
	for _, path := range files {
		packed, err := os.ReadFile(path)
		if err != nil {
			b.Fatal(err)
		}
		zr, err := gzip.NewReader(bytes.NewReader(packed))
		if err != nil {
			b.Fatal(err)
		}
		data, err := io.ReadAll(zr)
		if err != nil {
			b.Fatal(err)
		}
		out[strings.SplitN(filepath.Base(path), ".", 2)[0]] = data
	}
	return out
}

func BenchmarkGeoJSON(b *testing.B) {
	for name, data := range unpacked(b) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			vertices := 0
			for b.Loop() {
				sum, err := ReadBytes(context.Background(), name, data, Options{}, discard)
				if err != nil {
					b.Fatal(err)
				}
				vertices = sum.Vertices
			}
			b.ReportMetric(float64(vertices)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mvertices/s")
		})
	}
}

func discard(string, feature.Feature) error { return nil }
