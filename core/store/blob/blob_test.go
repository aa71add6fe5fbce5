package blob

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"github.com/shapes-desktop/shapes/resources/sample"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// drawData draws bytes that compress well, badly, or not at all.
func drawData(t *rapid.T) []byte {
	piece := rapid.SliceOfN(rapid.Byte(), 0, 40).Draw(t, "piece")
	return bytes.Repeat(piece, rapid.SampledFrom([]int{1, 2, 300, 5000}).Draw(t, "times"))
}

func TestComesBack(t *testing.T) {
	var p Packer // used for all: it must forget what it has done
	rapid.Check(t, func(t *rapid.T) {
		data := drawData(t)
		c := rapid.SampledFrom(All()).Draw(t, "compression")
		before := rapid.SliceOfN(rapid.Byte(), 0, 5).Draw(t, "before")
		packed, err := p.Pack(bytes.Clone(before), data, c)
		if err != nil || !bytes.HasPrefix(packed, before) {
			t.Fatal(err)
		}
		packed = packed[len(before):]
		if again, err := new(Packer).Pack(nil, data, c); err != nil || !bytes.Equal(packed, again) {
			t.Fatalf("a new packer gives other bytes: %v", err)
		}
		got, err := p.Unpack(bytes.Clone(before), packed, c, Checksum(data), len(data))
		if err != nil || !bytes.Equal(got, append(before, data...)) {
			t.Fatalf("%d bytes for %d: %v", len(got), len(data), err)
		}
	})
}

// One byte less than there is, is too little; nothing is returned.
func TestTooLarge(t *testing.T) {
	var p Packer
	for _, data := range [][]byte{{1}, []byte("some text"), make([]byte, 100_000), make([]byte, 3<<20)} {
		for _, c := range All() {
			packed, err := p.Pack(nil, data, c)
			if err != nil {
				t.Fatal(err)
			}
			for _, limit := range []int{0, len(data) / 2, len(data) - 1} {
				got, err := p.Unpack([]byte("x"), packed, c, Checksum(data), limit)
				if !errors.Is(err, ErrTooLarge) || string(got) != "x" {
					t.Errorf("%s of %d with room for %d: %d bytes, %v", c, len(data), limit, len(got), err)
				}
			}
		}
	}
}

func TestAnySize(t *testing.T) {
	var p Packer
	data := []byte("abc")
	for _, c := range All() {
		packed, err := p.Pack(nil, data, c)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := p.Unpack([]byte("x"), packed, c, Checksum(data), math.MaxInt); err != nil || string(got) != "xabc" {
			t.Errorf("%s: %q, %v", c, got, err)
		}
		if _, err := p.Unpack(nil, packed, c, Checksum(data), -1); !errors.Is(err, ErrTooLarge) {
			t.Errorf("%s: %v", c, err)
		}
	}
}

// A bomb costs no more memory than a compression remembers (brotli 16 MiB, and
// half of it while it grows).
func TestBomb(t *testing.T) {
	var p Packer
	bomb := make([]byte, 128<<20)
	for _, c := range []Compression{Gzip, Brotli, Zstd} {
		packed, err := p.Pack(nil, bomb, c)
		if err != nil {
			t.Fatal(err)
		}
		if c == Zstd { // four in a row
			packed = bytes.Repeat(packed, 4)
		}
		var reader Packer
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err = reader.Unpack(nil, packed, c, "", 1<<20)
		runtime.ReadMemStats(&after)
		if cost := after.TotalAlloc - before.TotalAlloc; !errors.Is(err, ErrTooLarge) || cost > 48<<20 {
			t.Errorf("%s: %v, %d bytes of memory", c, err, cost)
		}
	}
}

// Every byte cut off, and every bit turned, is noticed.
func TestDamage(t *testing.T) {
	var p Packer
	data := []byte(strings.Repeat("Each border exists once. ", 20))
	for _, c := range All() {
		packed, err := p.Pack(nil, data, c)
		if err != nil {
			t.Fatal(err)
		}
		var bad [][]byte
		for i := range packed {
			bad = append(bad, packed[:i])
		}
		for i := range len(packed) * 8 {
			turned := bytes.Clone(packed)
			turned[i/8] ^= 1 << (i % 8)
			bad = append(bad, turned)
		}
		bad = append(bad, append(bytes.Clone(packed), "more"...), []byte("<!DOCTYPE html>"))
		harmless := 0
		for i, b := range bad {
			got, err := p.Unpack(nil, b, c, Checksum(data), 1<<20)
			switch {
			case err == nil && bytes.Equal(got, data):
				harmless++ // a bit of the head that says nothing: time, system
			case !errors.Is(err, ErrChecksum) && !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrTooLarge) || got != nil:
				t.Errorf("%s, damage %d: %d bytes, %v", c, i, len(got), err)
			}
		}
		if harmless > 96 {
			t.Errorf("%s: %d of %d damaged blobs were taken", c, harmless, len(bad))
		}
		// Afterwards the packer is as good as new.
		if got, err := p.Unpack(nil, packed, c, Checksum(data), len(data)); err != nil || !bytes.Equal(got, data) {
			t.Errorf("%s: after damage: %v", c, err)
		}
	}
}

func TestMessages(t *testing.T) {
	var p Packer
	packed, err := p.Pack(nil, []byte("abc"), None)
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.Unpack(nil, packed, None, "", 3)
	if want := `unpack 3 bytes of none: checksum differs: sha256 is ` + Checksum(packed) + `, should be ""`; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	_, err = p.Pack(nil, nil, "rar")
	if err == nil || err.Error() != `pack 0 bytes: there is no compression "rar"` {
		t.Error(err)
	}
	_, err = p.Unpack(nil, nil, "rar", "", 0)
	if err == nil || err.Error() != `unpack 0 bytes: there is no compression "rar"` {
		t.Error(err)
	}
}

// The window that a zstd stream asks for is bounded.
func TestWindow(t *testing.T) {
	frame := []byte{0x28, 0xb5, 0x2f, 0xfd, 0x00, 20 << 3, 1, 0, 0} // 1 GiB, one empty block
	if _, err := new(Packer).Unpack(nil, frame, Zstd, Checksum(nil), 10); !errors.Is(err, ErrTooLarge) {
		t.Error(err)
	}
}

func FuzzUnpack(f *testing.F) {
	for i, c := range All() {
		packed, err := new(Packer).Pack(nil, []byte("abcabcabcabcabc"), c)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(packed, i)
	}
	var p Packer
	f.Fuzz(func(t *testing.T, packed []byte, i int) {
		c := All()[uint(i)%uint(len(All()))]
		if _, err := p.Unpack(nil, packed, c, "", 1<<16); err == nil {
			t.Error("taken without a checksum")
		}
	})
}

// benchData is coordinates as a buffer has them: text of TopoJSON, and bytes
// that hardly compress.
func benchData(b *testing.B) map[string][]byte {
	zr, err := sample.Open()
	if err != nil {
		b.Fatal(err)
	}
	defer zr.Close()
	var text bytes.Buffer
	if _, err := text.ReadFrom(zr); err != nil {
		b.Fatal(err)
	}
	noise := make([]byte, 1<<20)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range noise {
		noise[i] = byte(r.IntN(64))
	}
	return map[string][]byte{"topojson": text.Bytes()[:min(text.Len(), 1<<20)], "noise": noise}
}

func BenchmarkPack(b *testing.B) {
	data := benchData(b)
	for _, name := range []string{"topojson", "noise"} {
		for _, c := range All() {
			var p Packer
			var packed []byte
			var err error
			b.Run(fmt.Sprintf("%s/%s", name, c), func(b *testing.B) {
				b.SetBytes(int64(len(data[name])))
				b.ReportAllocs()
				for b.Loop() {
					if packed, err = p.Pack(packed[:0], data[name], c); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(len(packed))/float64(len(data[name])), "ratio")
			})
			b.Run(fmt.Sprintf("%s/un%s", name, c), func(b *testing.B) {
				b.SetBytes(int64(len(data[name])))
				b.ReportAllocs()
				sum := Checksum(data[name])
				var out []byte
				for b.Loop() {
					if out, err = p.Unpack(out[:0], packed, c, sum, len(data[name])); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
