package ingest

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime/debug"
	"runtime/metrics"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"github.com/shapes-desktop/shapes/core/geo/feature"
)

// largeStyle is a way in which sources write GeoJSON.
type largeStyle struct {
	name     string
	gap      string // after commas and colons
	line     string // between features
	decimals int
}

// ringText appends a closed ring of n vertices around a place, as a coast
// winds: no two vertices are alike.
func (s largeStyle) ringText(dst []byte, lon, lat, radius float64, n int) []byte {
	ring := make(orb.Ring, n)
	for i := range ring {
		sin, cos := math.Sincos(2 * math.Pi * float64(i%(n-1)) / float64(n-1))
		far := radius * (1 + .05*math.Sin(float64(i%(n-1))*.37))
		ring[i] = orb.Point{lon + far*cos, lat + far*sin}
	}
	return s.coordinates(dst, ring)
}

// coordinates appends a ring.
func (s largeStyle) coordinates(dst []byte, r orb.Ring) []byte {
	dst = append(dst, '[')
	for i, p := range r {
		if i > 0 {
			dst = append(append(dst, ','), s.gap...)
		}
		dst = append(dst, '[')
		dst = strconv.AppendFloat(dst, p[0], 'f', s.decimals, 64)
		dst = append(append(dst, ','), s.gap...)
		dst = strconv.AppendFloat(dst, p[1], 'f', s.decimals, 64)
		dst = append(dst, ']')
	}
	return append(dst, ']')
}

// featureText appends a feature whose polygons have so many vertices.
func (s largeStyle) featureText(dst []byte, number int, vertices ...int) []byte {
	text := `{"type":"Feature","properties":{"shapeName":"Unit №%d","shapeISO":"XX-%02d","shapeID":"69750345B%014d","shapeGroup":"XXX","shapeType":"ADM1"},"geometry":{"type":"MultiPolygon","coordinates":[`
	text = strings.NewReplacer(":", ":"+s.gap, ",", ","+s.gap).Replace(text)
	dst = fmt.Appendf(dst, text, number, number%100, number)
	for i, n := range vertices {
		if i > 0 {
			dst = append(append(dst, ','), s.gap...)
		}
		dst = append(dst, '[')
		dst = s.ringText(dst, -170+3.1*float64(i%100), -60+1.3*float64(number%90), 1, n)
		dst = append(dst, ']')
	}
	return append(dst, "]}}"...)
}

// unitText appends a feature of about so many vertices: many islets, an
// island, and a mainland with a quarter of them. It comes last, where it takes
// most memory.
func (s largeStyle) unitText(dst []byte, number, vertices int) []byte {
	var parts []int
	for range 1000 {
		parts = append(parts, max(5, vertices*5/8/1000))
	}
	return s.featureText(dst, number, append(parts, max(5, vertices/8), max(5, vertices/4))...)
}

// write makes a file of about size bytes at path. units are the parts that the
// features have of the vertices; none for many features of all sizes.
func (s largeStyle) write(b *testing.B, path string, size int64, units []float64) {
	b.Helper()
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	w := bufio.NewWriterSize(f, 1<<20) // keeps its first error for Flush
	_, _ = w.WriteString(`{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}},"features":[` + s.line)
	perVertex := 2*(s.decimals+5) + 2*len(s.gap)
	var text []byte
	for i, part := range units {
		if i > 0 {
			_, _ = w.WriteString("," + s.line)
		}
		text = s.unitText(text[:0], i, int(part*float64(size)/float64(perVertex)))
		_, _ = w.Write(text)
	}
	var texts [][]byte
	for i, n := range []int{120, 30000, 700, 2500, 80, 9000} {
		texts = append(texts, s.featureText(nil, i, n, 60, max(5, n/10)))
	}
	for n, done := 0, int64(0); len(units) == 0 && done < size; n++ {
		if n > 0 {
			_, _ = w.WriteString("," + s.line)
		}
		done += int64(len(texts[n%len(texts)]))
		_, _ = w.Write(texts[n%len(texts)])
	}
	_, _ = w.WriteString(s.line + "]}")
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkLargeGeoJSON reads files of SHAPES_LARGE_MB megabytes (470 is what
// the largest country has) and measures what memory that takes above idle.
func BenchmarkLargeGeoJSON(b *testing.B) {
	size := int64(8)
	if text := os.Getenv("SHAPES_LARGE_MB"); text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n <= 0 {
			b.Fatalf("SHAPES_LARGE_MB=%q is not a number of megabytes", text)
		}
		size = n
	}
	styles := []struct {
		largeStyle
		units []float64
	}{
		{largeStyle{"GDAL", " ", "\n", 7}, nil},
		{largeStyle{"15-decimals", " ", "\n", 15}, nil},
		{largeStyle{"compact", "", "", 4}, nil},
		{largeStyle{"13-even", " ", "\n", 15}, []float64{.077, .077, .077, .077, .077, .077, .077, .077, .077, .077, .077, .077, .076}},
		{largeStyle{"13-uneven", " ", "\n", 7}, []float64{.03, .05, .02, .04, .1, .05, .45, .02, .1, .04, .05, .02, .03}},
		{largeStyle{"one-feature", " ", "\n", 7}, []float64{1}},
	}
	for _, s := range styles {
		b.Run(s.name, func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "large.geojson")
			s.write(b, path, size*1e6, s.units)
			var peak memoryPeak
			peak.idle()
			b.ResetTimer()
			read := int64(0)
			for b.Loop() {
				sum, err := ReadFile(context.Background(), path, Options{OnBytes: func(int64, int64) { peak.look() }},
					func(string, feature.Feature) error { peak.look(); return nil })
				if err != nil || sum.Faults.Total() > 0 {
					b.Fatal(err, faultCounts(&sum.Faults))
				}
				read = sum.Bytes
				b.SetBytes(read)
				b.ReportMetric(float64(sum.Vertices)/1e6, "Mvertices")
			}
			peak.report(b, read)
		})
	}
}

// memoryPeak notes how much more memory is used than before.
type memoryPeak struct {
	heap, heapIdle uint64
	rssIdle        int64
	cpuIdle        float64 // seconds
}

// idle starts the measuring.
func (m *memoryPeak) idle() {
	debug.FreeOSMemory()
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) // where there is none, there is no peak either
	m.rssIdle, _ = m.status("VmRSS")
	m.heap = 0
	m.look()
	m.heapIdle = m.heap
	m.cpuIdle, _ = m.cpu()
}

// look notes the heap with what is not yet collected of it.
func (m *memoryPeak) look() {
	s := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(s)
	m.heap = max(m.heap, s[0].Value.Uint64())
}

// report gives the peaks, and the speed for each core used, which does not
// suffer from what else the machine does as much as that by the clock.
func (m *memoryPeak) report(b *testing.B, bytes int64) {
	if cpu, ok := m.cpu(); ok && cpu > m.cpuIdle {
		b.ReportMetric(float64(bytes)*float64(b.N)/1e6/(cpu-m.cpuIdle), "MB/cpu-s")
	}
	b.ReportMetric(float64(m.heap-m.heapIdle)/1e6, "heap-MB")
	if peak, ok := m.status("VmHWM"); ok {
		b.ReportMetric(float64(peak-m.rssIdle)/1e6, "rss-MB")
	}
}

// cpu is the time (seconds) that all cores have spent on the process, where
// the system tells: Linux, in hundredths.
func (m *memoryPeak) cpu() (float64, bool) {
	text, err := os.ReadFile("/proc/self/stat")
	if err != nil {
		return 0, false
	}
	_, after, _ := bytes.Cut(text, []byte(") ")) // the name may hold blanks
	fields := bytes.Fields(after)
	if len(fields) < 13 {
		return 0, false
	}
	user, err1 := strconv.ParseFloat(string(fields[11]), 64)
	system, err2 := strconv.ParseFloat(string(fields[12]), 64)
	return (user + system) / 100, err1 == nil && err2 == nil
}

// status is a figure (bytes) of the process, where the system tells.
func (m *memoryPeak) status(key string) (int64, bool) {
	f, err := os.Open("/proc/self/status")
	if err != nil {
		return 0, false
	}
	defer f.Close()
	text, err := io.ReadAll(f)
	if err != nil {
		return 0, false
	}
	for line := range bytes.Lines(text) {
		if name, value, _ := strings.Cut(string(line), ":"); name == key {
			kb, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "kB")), 10, 64)
			return kb << 10, err == nil
		}
	}
	return 0, false
}
