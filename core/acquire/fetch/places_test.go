package fetch

import (
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/shapes-desktop/shapes/core/acquire/fetch/faulty"
)

func TestWhichAddressesAreAsked(t *testing.T) {
	p, err := newPlaces([]string{"GitHub.com", "*.githubusercontent.com"}, map[string]string{
		"https://geodata.ucdavis.edu/":      "http://127.0.0.1:8080/gadm/",
		"https://geodata.ucdavis.edu/gadm/": "https://mirror.example/",
	})
	if err != nil {
		t.Fatal(err)
	}
	for raw, want := range map[string]string{
		"https://github.com/a":                     "https://github.com/a",
		"https://GITHUB.com:444/a?b=c":             "https://GITHUB.com:444/a?b=c",
		"https://media.githubusercontent.com/":     "https://media.githubusercontent.com/",
		"https://githubusercontent.com/":           "",
		"https://evilgithubusercontent.com/":       "",
		"https://github.com.example/":              "",
		"https://github.com@evil.example/":         "",
		"https://raw.github.com/":                  "",
		"http://github.com/a":                      "",
		"ftp://github.com/a":                       "",
		"file:///etc/passwd":                       "",
		"github.com/a":                             "",
		"":                                         "",
		"https://":                                 "",
		"https://github.com/%zz":                   "",
		"http://127.0.0.1:1/":                      "http://127.0.0.1:1/",
		"http://127.9.9.9/":                        "http://127.9.9.9/",
		"http://[::1]:1/":                          "http://[::1]:1/",
		"http://localhost/":                        "http://localhost/",
		"https://localhost/":                       "https://localhost/",
		"http://localhost.example/":                "",
		"http://10.0.0.1/":                         "",
		"https://geodata.ucdavis.edu/x.zip":        "http://127.0.0.1:8080/gadm/x.zip",
		"https://geodata.ucdavis.edu/gadm/4/x.zip": "https://mirror.example/4/x.zip",
		"https://mirror.example/y":                 "https://mirror.example/y",
	} {
		u, _, err := p.find(raw)
		switch {
		case want == "" && KindOf(err) != Forbidden:
			t.Errorf("%q: %v, want it forbidden", raw, err)
		case want != "" && (err != nil || u.String() != want):
			t.Errorf("%q: %v, %v, want %q", raw, u, err, want)
		}
	}
}

func TestWhereAnswersMayLead(t *testing.T) {
	p, err := newPlaces([]string{"a.example", "b.example"}, map[string]string{"https://m.example/": "http://127.0.0.1:9/m/"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ from, to, want string }{
		{"https://a.example/x/y", "z", "https://a.example/x/z"},
		{"https://a.example/x/y", "/z?q=1", "https://a.example/z?q=1"},
		{"https://a.example/x", "//b.example/z", "https://b.example/z"},
		{"https://a.example/x", "https://b.example/z", "https://b.example/z"},
		{"https://a.example/x", "https://me:secret@b.example/z", "https://b.example/z"},
		{"https://a.example/x", "http://a.example/x", ""},
		{"https://a.example/x", "https://c.example/", ""},
		{"https://a.example/x", "https://127.0.0.1/", ""},
		{"https://a.example/x", "http://localhost:631/", ""},
		{"https://a.example/x", "https://m.example/z", "http://127.0.0.1:9/m/z"},
		{"https://127.0.0.1/x", "http://127.0.0.1/x", ""},
		{"http://127.0.0.1:9/x", "http://127.0.0.1:10/x", "http://127.0.0.1:10/x"},
		{"http://127.0.0.1:9/x", "https://a.example/x", "https://a.example/x"},
		{"http://127.0.0.1:9/x", "http://a.example/x", ""},
		{"https://a.example/x", "", ""},
		{"https://a.example/x", "https://b.example/%", ""},
		{"https://a.example/x", "javascript:alert(1)", ""},
	} {
		from, err := url.Parse(c.from)
		if err != nil {
			t.Fatal(err)
		}
		u, err := p.follow(from, c.to)
		switch {
		case c.want == "" && KindOf(err) != Forbidden:
			t.Errorf("%s → %q: %v, %v, want it forbidden", c.from, c.to, u, err)
		case c.want != "" && (err != nil || u.String() != c.want):
			t.Errorf("%s → %q: %v, %v, want %q", c.from, c.to, u, err, c.want)
		}
	}
}

func TestMirrorsThatCannotBe(t *testing.T) {
	for from, to := range map[string]string{
		"https://a.example/":  "http://b.example/",
		"https://a.example/1": "b.example",
		"https://a.example/2": "https://%",
		"https://a.example":   "https://b.example/",
		"a.example/":          "https://b.example/",
		"https://a.example/3": "ftp://127.0.0.1/",
	} {
		if _, err := New(Options{UserAgent: agent, Mirrors: map[string]string{from: to}}); err == nil {
			t.Errorf("%s → %s is taken for a mirror", from, to)
		}
	}
}

func TestMirrorsAndRedirectsBetweenThem(t *testing.T) {
	b := newBench(t, func(s *faulty.Server, o *Options) {
		o.Mirrors = s.Mirrors("github.com", "media.githubusercontent.com")
	})
	const file = "/wmgeolab/geoBoundaries/raw/9469f09/LIE.geojson"
	b.Put("/media.githubusercontent.com/media"+file, b.data)
	b.Script("/github.com"+file, faulty.Redirect(302, "https://media.githubusercontent.com/media"+file))
	got, err := b.client.Fetch(t.Context(), Get{URL: "https://github.com" + file, Part: b.part})
	b.whole(got, err)
	if got.URL != b.URL()+"/media.githubusercontent.com/media"+file {
		t.Errorf("got %+v", got)
	}
}

func TestFromHTTPSToPlainHTTPIsNotFollowed(t *testing.T) {
	server := faulty.NewTLS(t)
	server.Put(path, []byte("[]"))
	transport := server.Transport()
	c := newClient(t, Options{UserAgent: agent, Transport: transport})
	t.Cleanup(transport.CloseIdleConnections)
	g := Get{URL: server.URL() + path, Part: filepath.Join(t.TempDir(), "part")}
	if got, err := c.Fetch(t.Context(), g); err != nil || got.Bytes != 2 {
		t.Fatal(got, err)
	}
	server.Script(path, faulty.Redirect(301, server.SecondURL()+path))
	_, err := c.Fetch(t.Context(), g)
	if KindOf(err) != Forbidden || !strings.Contains(err.Error(), "plain http") {
		t.Errorf("got %v", err)
	}
	// Without the certificate there is no reason to believe the server.
	plain := newClient(t, Options{UserAgent: agent, Tries: 3, Sleep: newClock().Sleep})
	got, err := plain.Fetch(t.Context(), g)
	if KindOf(err) != Forbidden || got.Requests != 1 || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("%d requests: %v", got.Requests, err)
	}
}

func TestTheProxyIsThatOfTheEnvironment(t *testing.T) {
	c := newClient(t, Options{UserAgent: agent})
	transport, ok := c.o.Transport.(*http.Transport)
	if !ok || transport.Proxy == nil || transport.TLSHandshakeTimeout != c.o.Connect {
		t.Errorf("the transport is %+v", c.o.Transport)
	}
}
