package geoboundaries

import (
	"bytes"
	"cmp"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/shapes-desktop/shapes/core/model/shape"
)

// Matrix is what a release of geoBoundaries has.
type Matrix struct {
	Release string
	Date    string  // of the answer that it was read from, "2024-02-20"; "" if not known
	Layers  []Layer // by country and level, each once
	// Refused says of each record that could not be used where it was and why.
	Refused []string
}

// Layer is a country at a level. Texts are the words of geoBoundaries, "" where
// it has none.
type Layer struct {
	Country       string // as geoBoundaries codes it: ISO 3166 alpha-3, or XKX
	Level         uint8
	Vintage       string // "2017", "1990-2021"
	Title         string // "Prefectures"
	Units         int    // 0: not known
	MeanVertices  int    // of a unit; 0: not known
	PerimeterKM   int    // of all units; 0: not known
	License       string
	LicenseDetail string
	LicenseSource string // an address without scheme, at times broken off
	Source        string // who made it
	Updated       string // when geoBoundaries last changed it, "2023-01-19"
	Commit        string // of the repository that has the layer; "" if it is elsewhere
	// Disputed: records of the same layer contradict each other, so that its
	// numbers are those of the newest and no more than a hint.
	Disputed bool
}

// matrixFile is the bundled copy: gzipped TSV, a row a record, made by
// tools/geoboundaries from answers of the API. The first line has the date, the
// second the columns.
//
//go:embed matrix.tsv.gz
var matrixFile []byte

//go:generate go run ../../../../tools/geoboundaries -api ../../../../../shared/data/sources/geoboundaries/api/current -date 2024-02-20 -o matrix.tsv.gz

const matrixTitle = "geoBoundaries matrix "

func columns() []string {
	return []string{
		"release", "country", "level", "vintage", "units", "mean_vertices", "perimeter_km", "commit", "updated",
		"title", "license", "license_detail", "license_source", "source",
	}
}

// Bundled returns the matrices that are part of the program, one a release.
func Bundled() ([]Matrix, error) { return Unpack(matrixFile) }

// maxUnpacked bounds what a packed matrix may hold; ours has 0.3 MB.
const maxUnpacked = 64 << 20

// Unpack reads what Pack wrote.
func Unpack(packed []byte) ([]Matrix, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("unpack the matrix: %w", err)
	}
	text, err := io.ReadAll(io.LimitReader(z, maxUnpacked+1))
	if err != nil {
		return nil, fmt.Errorf("unpack the matrix: %w", err)
	}
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	date, titled := strings.CutPrefix(lines[0], matrixTitle)
	if len(text) > maxUnpacked || !titled || len(lines) < 2 || lines[1] != strings.Join(columns(), "\t") {
		return nil, fmt.Errorf("unpack the matrix: it is not in the form that this program writes")
	}
	var out []Matrix
	for i, line := range lines[2:] {
		name, l, err := parseRow(line)
		if err != nil {
			return nil, fmt.Errorf("unpack the matrix: line %d: %w", i+3, err)
		}
		if len(out) == 0 || out[len(out)-1].Release != name {
			out = append(out, Matrix{Release: name, Date: date})
		}
		m := &out[len(out)-1]
		m.Layers = append(m.Layers, l)
	}
	return out, nil
}

// Pack writes matrices, of the same date, as Unpack reads them. The same
// matrices give the same bytes.
func Pack(date string, matrices []Matrix) ([]byte, error) {
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	fmt.Fprintln(z, matrixTitle+date)
	fmt.Fprintln(z, strings.Join(columns(), "\t"))
	for _, m := range matrices {
		for _, l := range m.Layers {
			fmt.Fprintln(z, formatRow(m.Release, l))
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// disputedMark stands after the units of a layer whose records disagree.
const disputedMark = "?"

func formatRow(release string, l Layer) string {
	units := strconv.Itoa(l.Units)
	if l.Disputed {
		units += disputedMark
	}
	return strings.Join([]string{
		release, l.Country, strconv.Itoa(int(l.Level)), l.Vintage, units, strconv.Itoa(l.MeanVertices), strconv.Itoa(l.PerimeterKM),
		l.Commit, l.Updated, l.Title, l.License, l.LicenseDetail, l.LicenseSource, l.Source,
	}, "\t")
}

func parseRow(line string) (string, Layer, error) {
	f := strings.Split(line, "\t")
	if len(f) != len(columns()) {
		return "", Layer{}, fmt.Errorf("%d columns, not %d", len(f), len(columns()))
	}
	units, disputed := strings.CutSuffix(f[4], disputedMark)
	var n [4]int
	for i, s := range []string{f[2], units, f[5], f[6]} {
		v, err := strconv.Atoi(s)
		if err != nil || v < 0 || v > maxKM {
			return "", Layer{}, fmt.Errorf("%q is no number, or beyond reason", s)
		}
		n[i] = v
	}
	if n[0] > shape.MaxLevel {
		return "", Layer{}, fmt.Errorf("level %d", n[0])
	}
	return f[0], Layer{
		Country: f[1], Level: uint8(n[0]), Vintage: f[3], Units: n[1], MeanVertices: n[2], PerimeterKM: n[3],
		Commit: f[7], Updated: f[8], Title: f[9], License: f[10], LicenseDetail: f[11], LicenseSource: f[12], Source: f[13],
		Disputed: disputed,
	}, nil
}

// settle sorts layers and keeps one a cell: of records that contradict each
// other the newest, then that with more units.
func settle(layers []Layer) []Layer {
	slices.SortStableFunc(layers, func(a, b Layer) int {
		return cmp.Or(cmp.Compare(a.Country, b.Country), cmp.Compare(a.Level, b.Level),
			cmp.Compare(b.Vintage, a.Vintage), cmp.Compare(b.Units, a.Units))
	})
	out := layers[:0]
	for _, l := range layers {
		last := len(out) - 1
		if last >= 0 && out[last].Country == l.Country && out[last].Level == l.Level {
			out[last].Disputed = out[last].Disputed || out[last] != l
			continue
		}
		out = append(out, l)
	}
	return out
}

// maxTotal is far more vertices than any layer has: what claims to have more
// is not believed.
const maxTotal = 1e12

// Vertices are those of all units together; 0: not known.
func (l Layer) Vertices() int64 {
	if n := float64(l.Units) * float64(l.MeanVertices); n > maxTotal {
		return 0
	}
	return int64(l.Units) * int64(l.MeanVertices)
}

// What layers that were weighed took: 22 to 46 bytes a vertex, most of them
// about 30, and 8 to 36 bytes a kilometre of simplified border.
const (
	bytesPerVertex = 32
	bytesPerKM     = 25
	bytesPerUnit   = 250
)

// Bytes is about what the layer weighs, as GeoJSON; 0: not known.
func (l Layer) Bytes(simplified bool) int64 {
	vertices := l.Vertices()
	if vertices == 0 {
		return 0
	}
	lines := vertices * bytesPerVertex
	if simplified && l.PerimeterKM > 0 {
		lines = min(lines, int64(l.PerimeterKM)*bytesPerKM)
	}
	return lines + int64(l.Units)*bytesPerUnit
}

// maxBytes is more than any sound file of the layer weighs.
func (l Layer) maxBytes() int64 {
	if l.Vertices() == 0 {
		return 0
	}
	return 1<<20 + l.Vertices()*128 + int64(l.Units)*4096
}
