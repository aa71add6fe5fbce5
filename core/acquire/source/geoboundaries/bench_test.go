package geoboundaries_test

import (
	"testing"

	"github.com/shapes-desktop/shapes/core/acquire/source/geoboundaries"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

func BenchmarkNewAndOffers(b *testing.B) {
	w := world(b)
	for b.Loop() {
		if _, err := geoboundaries.New(w).Offers(shape.Variant{}); err != nil {
			b.Fatal(err)
		}
	}
}
