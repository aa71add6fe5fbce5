package fetch

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/shapes-desktop/shapes/core/acquire/fetch/faulty"
)

// faultCase is a script, and how a download ends that meets it.
type faultCase struct {
	name     string
	faults   []faulty.Fault
	kind     Kind // "": the file comes whole
	requests int
}

func faultCases() []faultCase {
	var cases []faultCase
	once := func(kind Kind, requests int, f faulty.Fault) {
		cases = append(cases, faultCase{f.Name, []faulty.Fault{f}, kind, requests})
	}
	// A second request mends it.
	for _, f := range []faulty.Fault{
		faulty.Hangup(), faulty.Reset(0), faulty.Reset(0.5), faulty.Truncate(0), faulty.Truncate(0.99),
		faulty.TooMany(""), faulty.TooMany("3"), faulty.TooMany("Sun, 01 Nov 2026 12:00:30 GMT"),
		faulty.Status(408, ""), faulty.Status(425, ""), faulty.Status(500, ""), faulty.Status(502, ""), faulty.Status(503, "2"), faulty.Status(504, ""),
		faulty.Gzip(0.5),
	} {
		once("", 2, f)
	}
	once("", 3, faulty.LongLength(5)) // the rest that was promised cannot be had
	// Nothing is wrong.
	for _, f := range []faulty.Fault{
		faulty.OK(), faulty.WrongType("text/plain; charset=utf-8"), faulty.Chunked(), faulty.Gzip(1), faulty.Drip(100_000, 0),
	} {
		once("", 1, f)
	}
	// Asking again is no use.
	once(Missing, 1, faulty.NotFound())
	once(Missing, 1, faulty.Status(410, ""))
	for _, code := range []int{400, 401, 403, 406, 416, 451} {
		once(Refused, 1, faulty.Status(code, ""))
	}
	once(Refused, 1, faulty.Down())
	once(Bad, 1, faulty.NotModified())
	once(Bad, 1, faulty.Status(204, ""))
	once(Bad, 1, faulty.Status(206, ""))
	once(Bad, 1, faulty.Status(300, ""))
	// Redirects.
	for n := 1; n <= 5; n++ {
		once("", 1+n, faulty.Hops(n))
	}
	once(Forbidden, 6, faulty.Hops(6))
	cases = append(cases, faultCase{"loop", slices.Repeat([]faulty.Fault{faulty.Loop()}, 20), Forbidden, 6})
	once(Forbidden, 1, faulty.Redirect(302, "https://foreign.example/x"))
	once(Forbidden, 1, faulty.Redirect(302, "http://foreign.example/x"))
	once(Forbidden, 1, faulty.Redirect(302, "file:///etc/passwd"))
	once(Forbidden, 1, faulty.Redirect(302, ""))
	once(Forbidden, 1, faulty.Redirect(301, "http://[::1/x"))
	// What was got is continued, or begun anew.
	half := faulty.Truncate(0.5)
	for _, f := range []faulty.Fault{faulty.WrongRange(), faulty.NoContentRange(), faulty.OtherTag(), faulty.Unsatisfiable()} {
		cases = append(cases, faultCase{"half, " + f.Name, []faulty.Fault{half, f}, "", 3})
	}
	return append(cases,
		faultCase{"half, then the rest", []faulty.Fault{half}, "", 2},
		faultCase{"half, whole file", []faulty.Fault{half, faulty.WholeFile()}, "", 2},
		faultCase{"half of half of half", []faulty.Fault{half, half, half, half, half}, "", 6}, // progress earns tries
		faultCase{"always busy", slices.Repeat([]faulty.Fault{faulty.Status(503, "")}, 9), Busy, 4},
		faultCase{"always hung up", slices.Repeat([]faulty.Fault{faulty.Hangup()}, 9), Broken, 4},
		faultCase{"cut at the same place", slices.Repeat([]faulty.Fault{faulty.Gzip(0.5)}, 9), Broken, 4},
		faultCase{"wait too long", []faulty.Fault{faulty.TooMany("3600")}, Busy, 1},
	)
}

func TestEveryFaultEndsWellOrWithItsKind(t *testing.T) {
	for _, c := range faultCases() {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, nil)
			b.Script(path, c.faults...)
			got, err := b.get()
			if c.kind == "" {
				b.whole(got, err)
			} else {
				b.failed(err, c.kind)
			}
			if n := len(b.Requests()); n != c.requests || got.Requests != n {
				t.Errorf("%d requests came, %d were told, want %d: %v", n, got.Requests, c.requests, b.met())
			}
			for _, r := range b.Requests() {
				if r.Header.Get("User-Agent") != agent || r.Header.Get("Accept-Encoding") != "identity" {
					t.Errorf("asked with %v", r.Header)
				}
			}
		})
	}
}

// What no header tells is for those who know what the file should be: it is
// kept as it came, with its length.
func TestLiesThatOnlyTheContentTells(t *testing.T) {
	for _, c := range []struct {
		fault faulty.Fault
		size  int64
		kind  string
	}{
		{faulty.Empty(), 0, ""},
		{faulty.ShortLength(1000), 299_000, "application/zip"},
		{faulty.Body("text/plain", []byte("None")), 4, "text/plain"},
	} {
		b := newBench(t, nil)
		b.Script(path, c.fault)
		got, err := b.get()
		if err != nil || got.Bytes != c.size || got.Type != c.kind {
			t.Errorf("%s: %+v, %v", c.fault.Name, got, err)
		}
	}
	b := newBench(t, nil)
	b.Script(path, faulty.Page())
	if got, err := b.get(); err != nil || got.Bytes == 0 || got.Type != "text/html; charset=iso-8859-1" {
		t.Errorf("page: %+v, %v", got, err)
	}
}

func TestAFolderWithoutItsSlashIsFound(t *testing.T) {
	b := newBench(t, nil)
	b.Put("/api/current/gbOpen/LIE/ADM1/", b.data)
	got, err := b.client.Fetch(t.Context(), Get{URL: b.URL() + "/api/current/gbOpen/LIE/ADM1", Part: b.part})
	b.whole(got, err)
	if got.URL != b.URL()+"/api/current/gbOpen/LIE/ADM1/" || got.Requests != 2 {
		t.Errorf("got %+v", got)
	}
}

func TestTheProgramSaysWhoItIs(t *testing.T) {
	b := newBench(t, nil)
	b.Put("/api/interpreter", b.data, faulty.Picky())
	got, err := b.client.Fetch(t.Context(), Get{URL: b.URL() + "/api/interpreter", Form: "data=x", Part: b.part})
	b.whole(got, err)
	resp, err := http.Get(b.URL() + "/api/interpreter") // as Go's library says who it is
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusNotAcceptable {
		t.Errorf("the server that should refuse answers %d", resp.StatusCode)
	}
	http.DefaultClient.CloseIdleConnections()
	for _, agent := range []string{"", "  ", "a\r\nX: y"} {
		if _, err := New(Options{UserAgent: agent}); err == nil {
			t.Errorf("a client may be made without a name: %q", agent)
		}
	}
}

func TestAnswersAreBounded(t *testing.T) {
	for _, f := range []faulty.Fault{faulty.Endless(), faulty.OK(), faulty.Gzip(1), faulty.Chunked()} {
		b := newBench(t, nil)
		b.Script(path, f)
		got, err := b.client.Fetch(t.Context(), Get{URL: b.URL() + path, Part: b.part, Max: 100_000})
		b.failed(err, TooLarge)
		if got.Bytes != 0 || got.Requests != 1 || got.ETag != "" {
			t.Errorf("%s: %+v", f.Name, got)
		}
	}
	b := newBench(t, nil)
	got, err := b.client.Fetch(t.Context(), Get{URL: b.URL() + path, Part: b.part, Max: int64(len(b.data))})
	b.whole(got, err)
}

func TestAForm(t *testing.T) {
	b := newBench(t, nil)
	b.Answer("/api/interpreter", func(r faulty.Request) ([]byte, bool) { return []byte("asked " + r.Form.Get("data")), true })
	b.Script("/api/interpreter", faulty.Redirect(307, "/api/interpreter"), faulty.Truncate(0.5))
	got, err := b.client.Fetch(t.Context(), Get{URL: b.URL() + "/api/interpreter", Form: "data=out+geom%3B", Part: b.part})
	b.holds(got, err, []byte("asked out geom;"))
	for _, r := range b.Requests() {
		if r.Method != http.MethodPost || r.Header.Get("Range") != "" {
			t.Errorf("asked %s %v", r.Method, r.Header)
		}
	}
}

func TestRefreshing(t *testing.T) {
	b := newBench(t, nil)
	first, err := b.get()
	b.whole(first, err)
	again := Get{URL: b.URL() + path, Part: b.part, ETag: first.ETag, Modified: first.Modified}
	got, err := b.client.Fetch(t.Context(), again)
	if err != nil || !got.NotModified || got.ETag != first.ETag || got.Modified != first.Modified || got.Bytes != 0 {
		t.Fatalf("got %+v, %v", got, err)
	}
	again.ETag = "" // the date alone will do
	if got, err := b.client.Fetch(t.Context(), again); err != nil || !got.NotModified {
		t.Fatalf("got %+v, %v", got, err)
	}
	b.Put(path, noise(500), faulty.Modified(time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)))
	again.ETag = first.ETag
	got, err = b.client.Fetch(t.Context(), again)
	if got.NotModified {
		t.Fatal("the file is another")
	}
	b.holds(got, err, noise(500))
}
