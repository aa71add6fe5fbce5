package faulty

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const where = "/x/file.json"

// answer is what a client without manners sees.
type answer struct {
	status int
	header http.Header
	body   string
	err    error // of asking or reading
}

// ask asks once; redirects are not followed and nothing is unpacked.
func ask(t *testing.T, s *Server, method, url string, header ...string) answer {
	t.Helper()
	transport := s.Transport()
	transport.DisableCompression = true
	defer transport.CloseIdleConnections()
	req, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := transport.RoundTrip(req)
	if err != nil {
		return answer{err: err}
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	_ = resp.Body.Close()
	return answer{resp.StatusCode, resp.Header, string(body), err}
}

var text = strings.Repeat("0123456789", 100)

func TestEachFaultIsWhatItSays(t *testing.T) {
	broken := func(a answer) bool { return errors.Is(a.err, io.ErrUnexpectedEOF) }
	page := func(status int) func(answer) bool {
		return func(a answer) bool { return a.status == status && strings.HasPrefix(a.body, "<") && a.err == nil }
	}
	sound := func(a answer) bool { return a.status == 200 && a.body == text && a.err == nil }
	for _, c := range []struct {
		fault Fault
		holds func(answer) bool
	}{
		{OK(), func(a answer) bool {
			return sound(a) && a.header.Get("ETag") != "" && a.header.Get("Last-Modified") != "" && a.header.Get("Content-Length") == "1000"
		}},
		{NotFound(), page(404)},
		{Page(), page(200)},
		{Down(), func(a answer) bool { return page(403)(a) && len(a.body) == 289 }},
		{Status(503, "9"), func(a answer) bool { return page(503)(a) && a.header.Get("Retry-After") == "9" }},
		{TooMany(""), page(429)},
		{Empty(), func(a answer) bool { return a.status == 200 && a.body == "" && a.err == nil }},
		{Body("text/plain", []byte("None")), func(a answer) bool { return a.body == "None" && a.err == nil }},
		{Redirect(302, "https://b.example/"), func(a answer) bool { return a.status == 302 && a.header.Get("Location") == "https://b.example/" }},
		{Loop(), func(a answer) bool { return a.status == 302 && a.header.Get("Location") == where }},
		{NotModified(), func(a answer) bool { return a.status == 304 && a.body == "" }},
		{Truncate(0.25), func(a answer) bool {
			return broken(a) && len(a.body) == 250 && a.header.Get("Content-Length") == "1000"
		}},
		{Truncate(0), func(a answer) bool { return broken(a) && a.body == "" && a.status == 200 }},
		{Reset(0.5), func(a answer) bool { return a.err != nil && len(a.body) <= 500 }},
		{Hangup(), func(a answer) bool { return a.err != nil && a.status == 0 }},
		{Drip(7, 0), sound},
		{Endless(), func(a answer) bool { return len(a.body) == 1<<20 && a.err == nil }},
		{Chunked(), func(a answer) bool { return sound(a) && a.header.Get("Content-Length") == "" }},
		{Gzip(1), func(a answer) bool {
			return a.header.Get("Content-Encoding") == "gzip" && strings.HasPrefix(a.body, "\x1f\x8b") && len(a.body) < 200
		}},
		{WrongType("text/plain"), func(a answer) bool { return sound(a) && a.header.Get("Content-Type") == "text/plain" }},
		{ShortLength(10), func(a answer) bool { return a.body == text[:990] && a.err == nil }},
		{LongLength(10), func(a answer) bool { return a.body == text && broken(a) }},
		{Change([]byte("new")), func(a answer) bool { return a.body == "new" && a.err == nil }},
		{Hops(0), sound},
	} {
		s := New(t)
		s.Put(where, []byte(text))
		s.Script(where, c.fault)
		if a := ask(t, s, http.MethodGet, s.URL()+where); !c.holds(a) {
			t.Errorf("%s: %d %v %.80q %v", c.fault.Name, a.status, a.header, a.body, a.err)
		}
		if r := s.Requests(); len(r) != 1 || r[0].Fault != c.fault.Name || r[0].Path != where {
			t.Errorf("%s: recorded %+v", c.fault.Name, r)
		}
	}
}

func TestFaultsOfRanges(t *testing.T) {
	for _, c := range []struct {
		fault  Fault
		status int
		span   string
		size   int
	}{
		{OK(), 206, "bytes 900-999/1000", 100},
		{WholeFile(), 200, "", 1000},
		{WrongRange(), 206, "bytes 901-1000/1001", 100},
		{NoContentRange(), 206, "", 100},
		{OtherTag(), 206, "bytes 900-999/1000", 100},
		{Truncate(0.5), 206, "bytes 900-999/1000", 50},
		{Change([]byte(text + text)), 200, "", 2000},
	} {
		s := New(t)
		s.Put(where, []byte(text), ETag(`"1"`))
		s.Script(where, c.fault)
		a := ask(t, s, http.MethodGet, s.URL()+where, "Range", "bytes=900-", "If-Range", `"1"`)
		if a.status != c.status || a.header.Get("Content-Range") != c.span || len(a.body) != c.size {
			t.Errorf("%s: %d %v, %d bytes", c.fault.Name, a.status, a.header, len(a.body))
		}
		if other := a.header.Get("ETag") != `"1"`; other != (c.fault.Name == "other etag" || c.fault.Name == "changed") {
			t.Errorf("%s: ETag %s", c.fault.Name, a.header.Get("ETag"))
		}
	}
	s := New(t)
	s.Put(where, []byte(text))
	s.Script(where, Unsatisfiable())
	if a := ask(t, s, http.MethodGet, s.URL()+where, "Range", "bytes=9-"); a.status != 416 {
		t.Errorf("416: %d", a.status)
	}
}

func TestWhatIsPut(t *testing.T) {
	s := New(t)
	if err := s.PutFS("/fs/", fstest.MapFS{"a/b.zip": {Data: []byte("PK")}, "c.geojson": {Data: []byte("{}")}}); err != nil {
		t.Fatal(err)
	}
	s.Put("/api/LIE/", []byte("[]"))
	s.Put("/picky", []byte("[]"), Picky())
	s.Put("/plain", []byte(text), Plain(), Type("text/html"))
	s.Answer("/echo", func(r Request) ([]byte, bool) { return []byte(r.Form.Get("q")), r.Form.Get("q") != "" })
	for _, c := range []struct {
		method, url string
		header      []string
		status      int
		body        string
	}{
		{"GET", "/fs/a/b.zip", nil, 200, "PK"},
		{"GET", "/fs/c.geojson?x=y", nil, 200, "{}"},
		{"GET", "/fs/none", nil, 404, ""},
		{"GET", "/api/LIE", nil, 301, ""},
		{"GET", "/picky", nil, 406, ""},
		{"GET", "/picky", []string{"User-Agent", "Go-http-client/2.0"}, 406, ""},
		{"GET", "/picky", []string{"User-Agent", "App/1"}, 200, "[]"},
		{"GET", "/plain", []string{"Range", "bytes=5-"}, 200, text},
		{"POST", "/echo?q=1", nil, 200, "1"},
		{"POST", "/echo", nil, 404, ""},
	} {
		a := ask(t, s, c.method, s.URL()+c.url, c.header...)
		if a.status != c.status || c.body != "" && a.body != c.body {
			t.Errorf("%s %s %v: %d %.40q", c.method, c.url, c.header, a.status, a.body)
		}
	}
	if got := s.Mirrors("a.example")["https://a.example/"]; got != s.URL()+"/a.example/" {
		t.Errorf("mirror %q", got)
	}
}

func TestScriptThenAlwaysThenSound(t *testing.T) {
	s := New(t)
	s.Put(where, []byte(text))
	s.Script(where, NotFound(), OK())
	s.Script(where, Page())
	for range 4 {
		_ = ask(t, s, http.MethodGet, s.URL()+where)
	}
	s.Always(where, TooMany(""))
	for range 2 {
		_ = ask(t, s, http.MethodGet, s.SecondURL()+where)
	}
	var met []string
	for _, r := range s.Requests() {
		met = append(met, r.Fault)
	}
	if want := []string{"status 404", "ok", "200 html", "ok", "status 429", "status 429"}; !slices.Equal(met, want) {
		t.Errorf("met %v", met)
	}
	s.Forget()
	if len(s.Requests()) != 0 || s.Most() != 0 {
		t.Error("requests are remembered")
	}
}

// What a request meets depends on the seed and on what it is for, not on the
// order in which others come.
func TestChanceIsTheSameForTheSameSeed(t *testing.T) {
	c := chance{7, 0.3, Mischief()}
	hits, names := 0, map[string]bool{}
	for i := range 10_000 {
		key := "/cell/" + string(rune('a'+i%26)) + "?x"
		f := c.pick(key, i/26)
		if again := c.pick(key, i/26); again.Name != f.Name {
			t.Fatalf("%s then %s", f.Name, again.Name)
		}
		if f.Name != "ok" {
			hits++
			names[f.Name] = true
		}
	}
	if hits < 2800 || hits > 3200 {
		t.Errorf("%d of 10000 requests meet a fault, want 30 %%", hits)
	}
	all := map[string]bool{}
	for _, f := range Mischief() {
		all[f.Name] = true
	}
	if len(names) != len(all) {
		t.Errorf("%d of %d faults were met", len(names), len(all))
	}
	s := New(t)
	s.Put(where, []byte(text))
	s.Random(1, 1)
	s.Script(where, OK()) // what is scripted comes before chance
	if a := ask(t, s, http.MethodGet, s.URL()+where); a.body != text {
		t.Errorf("got %v", a)
	}
	s.RandomOf(1, 1, NotFound())
	if a := ask(t, s, http.MethodGet, s.URL()+where); a.status != 404 {
		t.Errorf("got %v", a)
	}
	s.Random(1, 0)
	if a := ask(t, s, http.MethodGet, s.URL()+where); a.body != text {
		t.Errorf("got %v", a)
	}
}

func TestStallsEndByRelease(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := NewPiped(t)
		s.Put(where, []byte(text))
		s.Script(where, Mute(), Stall(0.5))
		for range 2 {
			go func() {
				time.Sleep(time.Hour)
				s.Release()
			}()
			begin := time.Now()
			if a := ask(t, s, http.MethodGet, s.URL()+where); a.body != text || a.err != nil || time.Since(begin) != time.Hour {
				t.Errorf("after %v: %v", time.Since(begin), a.err)
			}
		}
		s.Script(where, Drip(500, time.Minute))
		begin := time.Now()
		if a := ask(t, s, http.MethodGet, s.SecondURL()+where); a.body != text || time.Since(begin) != time.Minute {
			t.Errorf("two drops took %v: %v", time.Since(begin), a.err)
		}
		if a := ask(t, s, http.MethodGet, "http://127.0.0.1:9"); !errors.Is(a.err, syscall.ECONNREFUSED) {
			t.Errorf("another port: %v", a.err)
		}
	})
}

// A stalled answer does not keep a test from ending.
func TestTheEndEndsStalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := NewPiped(t)
		s.Put(where, []byte(text))
		s.Script(where, Mute())
		got := make(chan answer, 1)
		go func() { got <- ask(t, s, http.MethodGet, s.URL()+where) }()
		synctest.Wait()
		s.close()
		if a := <-got; a.err == nil || len(s.Requests()) != 1 {
			t.Errorf("got %+v after %d requests", a, len(s.Requests()))
		}
	})
}

func TestTLS(t *testing.T) {
	s := NewTLS(t)
	s.Put(where, []byte(text))
	if a := ask(t, s, http.MethodGet, s.URL()+where); a.body != text || !strings.HasPrefix(s.URL(), "https://") {
		t.Errorf("%s: %v", s.URL(), a.err)
	}
}
