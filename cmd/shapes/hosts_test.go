package main

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/shapes-desktop/shapes/core/engine"
)

// hosts is a loopback server that has the hosts of sources as its first
// folders. A story has one, and mirrors that lead there.
type hosts struct {
	mu    sync.Mutex
	files map[string][]byte // by host and path
	asked []string
	stall bool          // answers stop half-way until the client has gone
	half  chan struct{} // hears when one has
}

type hostsKey struct{}

// startHosts starts the server of a story.
func startHosts(e *testscript.Env) {
	h := &hosts{files: map[string][]byte{}, half: make(chan struct{}, 1)}
	server := httptest.NewServer(h)
	e.Defer(server.Close)
	e.Values[hostsKey{}] = h
	var mirrors []string
	for _, host := range []string{
		"naturalearth.s3.amazonaws.com", "naciscdn.org", "s3.us-west-2.amazonaws.com",
		"www.geoboundaries.org", "github.com", "media.githubusercontent.com", "raw.githubusercontent.com",
		"geodata.ucdavis.edu", "overpass-api.de",
	} {
		mirrors = append(mirrors, "https://"+host+"/="+server.URL+"/"+host+"/")
	}
	e.Setenv(engine.MirrorsEnv, strings.Join(mirrors, " "))
}

func hostsOf(ts *testscript.TestScript) *hosts { return ts.Value(hostsKey{}).(*hosts) }

func (h *hosts) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, "/")
	h.mu.Lock()
	h.asked = append(h.asked, name)
	data, ok := h.files[name]
	stall := h.stall
	h.mu.Unlock()
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("ETag", fmt.Sprintf(`"%x"`, sha256.Sum256(data)))
	if stall {
		w.Header().Set("Accept-Ranges", "bytes")
		w.Header().Set("Content-Length", strconv.Itoa(len(data)))
		_, _ = w.Write(data[:len(data)/2]) // who is gone needs no more
		_ = http.NewResponseController(w).Flush()
		h.half <- struct{}{}
		<-r.Context().Done()
		panic(http.ErrAbortHandler)
	}
	if from := r.Header.Get("Range"); from != "" {
		h.mu.Lock()
		h.asked[len(h.asked)-1] += "+" // to go on
		h.mu.Unlock()
	}
	http.ServeContent(w, r, "", time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC), bytes.NewReader(data))
}

// halfway makes answers stop in the middle, or with "off" makes them whole
// again, or waits until one has stopped and its first half is in a file of the
// folder DIR: halfway [off|wait DIR]
func halfway(ts *testscript.TestScript, _ bool, args []string) {
	h := hostsOf(ts)
	if len(args) == 2 {
		<-h.half
		for !someBytes(ts.MkAbs(args[1])) {
			time.Sleep(5 * time.Millisecond)
		}
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.stall = len(args) == 0
}

// serve puts a file on the server, or takes it away: serve HOST/PATH [FILE]
func serve(ts *testscript.TestScript, _ bool, args []string) {
	h := hostsOf(ts)
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(args) == 1 {
		delete(h.files, args[0])
		return
	}
	h.files[args[0]] = []byte(ts.ReadFile(args[1]))
}

// askedFor asserts which paths the server was asked for since the last time:
// askedfor [HOST/PATH…]
func askedFor(ts *testscript.TestScript, _ bool, args []string) {
	h := hostsOf(ts)
	h.mu.Lock()
	defer h.mu.Unlock()
	got := strings.Join(h.asked, "\n")
	h.asked = nil
	if want := strings.Join(args, "\n"); got != want {
		ts.Fatalf("the server was asked for\n%s\nwant\n%s", got, want)
	}
}

// someBytes reports whether a file of a download's bytes in a folder has any.
func someBytes(dir string) bool {
	paths, _ := filepath.Glob(filepath.Join(dir, "*"))
	for _, path := range paths {
		if info, err := os.Stat(path); err == nil && info.Size() > 0 && filepath.Ext(path) == "" {
			return true
		}
	}
	return false
}

// nezip writes an archive as Natural Earth has them, of made-up squares for
// some countries: nezip FILE LAYER CODE…
func nezip(ts *testscript.TestScript, _ bool, args []string) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, part := range []struct {
		ext  string
		data []byte
	}{
		{"cpg", []byte("UTF-8")},
		{"dbf", squaresTable(args[2:])},
		{"prj", []byte(`GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["Degree",0.017453292519943295]]`)},
		{"shp", squaresShapes(len(args) - 2)},
	} {
		w, err := z.Create(args[1] + "." + part.ext)
		ts.Check(err)
		_, err = w.Write(part.data)
		ts.Check(err)
	}
	ts.Check(z.Close())
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), out.Bytes(), 0o600))
}

// squaresShapes is a .shp of n squares side by side.
func squaresShapes(n int) []byte {
	le, be := binary.LittleEndian, binary.BigEndian
	const content = 4 + 32 + 8 + 4 + 5*16 // type, box, counts, part, points
	out := make([]byte, 100, 100+n*(8+content))
	be.PutUint32(out, 9994)
	be.PutUint32(out[24:], uint32(cap(out)/2))
	le.PutUint32(out[28:], 1000)
	le.PutUint32(out[32:], 5)
	floats := func(b []byte, v ...float64) []byte {
		for _, x := range v {
			b = le.AppendUint64(b, math.Float64bits(x))
		}
		return b
	}
	copy(out[36:], floats(nil, 0, 0, float64(10*n), 10))
	for i := range n {
		x := float64(10 * i)
		out = be.AppendUint32(out, uint32(i+1))
		out = be.AppendUint32(out, content/2)
		out = le.AppendUint32(out, 5)
		out = floats(out, x, 0, x+10, 10)
		out = le.AppendUint32(le.AppendUint32(le.AppendUint32(out, 1), 5), 0)
		out = floats(out, x, 0, x, 10, x+10, 10, x+10, 0, x, 0)
	}
	return out
}

// squaresTable is the .dbf that goes with it.
func squaresTable(codes []string) []byte {
	const wide = 20
	names := []string{"ADM0_A3", "NAME", "NAME_LONG", "NAME_EN", "ADMIN", "TYPE", "ISO_A2", "ISO_A2_EH", "ISO_A3", "ISO_A3_EH", "featurecla"}
	le := binary.LittleEndian
	out := make([]byte, 32)
	out[0] = 3
	le.PutUint32(out[4:], uint32(len(codes)))
	le.PutUint16(out[8:], uint16(32+32*len(names)+1))
	le.PutUint16(out[10:], uint16(1+wide*len(names)))
	for _, name := range names {
		field := make([]byte, 32)
		copy(field, name)
		field[11], field[16] = 'C', wide
		out = append(out, field...)
	}
	out = append(out, '\r')
	for _, code := range codes {
		out = append(out, ' ')
		for _, name := range names {
			value := "-99"
			switch {
			case name == "ADM0_A3":
				value = code
			case strings.HasPrefix(name, "NAME"), name == "ADMIN":
				value = "Land of " + code
			case name == "TYPE":
				value = "Country"
			}
			out = fmt.Appendf(out, "%-*s", wide, value)
		}
	}
	return append(out, 0x1a)
}
