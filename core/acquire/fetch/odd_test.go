package fetch

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
)

// canned is an answer as no server of Go's library would give it.
type canned struct {
	status int
	header string // "Name: value", by line
	body   string
	length int64
}

func (c canned) response() *http.Response {
	h := http.Header{}
	for line := range strings.Lines(c.header) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), ": "); ok {
			h.Set(name, value)
		}
	}
	return &http.Response{StatusCode: c.status, Header: h, Body: io.NopCloser(strings.NewReader(c.body)), ContentLength: c.length}
}

func gzipped(s string) string {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, _ = z.Write([]byte(s)) // into memory
	_ = z.Close()
	return out.String()
}

func TestOddAnswers(t *testing.T) {
	const tag, want = "ETag: \"1\"\n", "0123456789"
	damaged := []byte(gzipped(want))
	damaged[len(damaged)-8] ^= 1 // of the checksum
	half := canned{200, tag, "01234", 10}
	whole := canned{200, tag, want, 10}
	for _, c := range []struct {
		name    string
		answers []canned
		kind    Kind // "": want comes
	}{
		{"fewer bytes than said, without an error", []canned{half, {206, tag + "Content-Range: bytes 5-9/10", "56789", 5}}, ""},
		{"the rest in two parts", []canned{half, {206, tag + "Content-Range: bytes 5-6/10", "56", 2}, {206, tag + "Content-Range: bytes 7-9/10", "789", 3}}, ""},
		{"more than the part that was said", []canned{half, {206, tag + "Content-Range: bytes 5-9/10", "56789abc", -1}}, ""},
		{"a part of another length than said", []canned{half, {206, tag + "Content-Range: bytes 5-9/10", "56789", 4}, whole}, ""},
		{"a part of a file of another size", []canned{half, {206, tag + "Content-Range: bytes 5-9/11", "56789", 5}, whole}, ""},
		{"a part of what is compressed", []canned{half, {206, tag + "Content-Encoding: gzip\nContent-Range: bytes 5-9/10", "56789", 5}, whole}, ""},
		{"a part without its tag", []canned{half, {206, "Content-Range: bytes 5-9/10", "56789", 5}, whole}, ""},
		{"a part that nobody asked for", []canned{{206, tag + "Content-Range: bytes 0-9/10", want, 10}}, Bad},
		{"compressed", []canned{{200, "Content-Encoding: X-GZIP", gzipped(want), int64(len(gzipped(want)))}}, ""},
		{"compressed, and more bytes said", []canned{{200, "Content-Encoding: gzip", gzipped(want), 1000}, whole}, ""},
		{"compressed, and damaged", []canned{{200, "Content-Encoding: gzip", string(damaged), -1}, whole}, ""},
		{"said to be compressed", []canned{{200, "Content-Encoding: gzip", want, 10}}, Bad},
		{"compressed by another way", []canned{{200, "Content-Encoding: br", want, 10}}, Bad},
		{"compressed nothing", []canned{{200, "Content-Encoding: gzip", "", 0}}, "empty"},
		{"an early end, always", []canned{half, {206, tag + "Content-Range: bytes 5-9/10", "", -1}, {206, tag + "Content-Range: bytes 5-9/10", "", -1}, {206, tag + "Content-Range: bytes 5-9/10", "", -1}}, Broken},
		{"a redirect to nowhere", []canned{{302, "", "", 0}}, Forbidden},
		{"a status of its own", []canned{{299, "", want, 10}}, Bad},
		{"a status beyond all", []canned{{999, "", "", 0}, whole}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, nil)
			asked := 0
			b.client.o.Transport = roundTrip(func(*http.Request) (*http.Response, error) {
				asked++
				if asked > len(c.answers) {
					return whole.response(), nil
				}
				return c.answers[asked-1].response(), nil
			})
			got, err := b.client.Fetch(t.Context(), Get{URL: b.URL() + path, Part: b.part, Max: 1 << 20})
			switch c.kind {
			case "":
				b.holds(got, err, []byte(want))
			case "empty":
				b.holds(got, err, nil)
			default:
				b.failed(err, c.kind)
			}
			if asked < len(c.answers) || got.Requests != asked {
				t.Errorf("asked %d times for %d answers", asked, len(c.answers))
			}
		})
	}
}

// The size was not known when the download began, and is too much now.
func TestTheRestOfSomethingHuge(t *testing.T) {
	b := newBench(t, nil)
	b.client.o.Transport = roundTrip(func(*http.Request) (*http.Response, error) {
		return canned{206, "ETag: \"1\"\nContent-Range: bytes 5-9999999/10000000", "", -1}.response(), nil
	})
	if err := os.WriteFile(b.part, []byte("01234"), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := b.client.Fetch(t.Context(), Get{URL: b.URL() + path, Part: b.part, Max: 1 << 20, Resume: State{ETag: `"1"`}})
	b.failed(err, TooLarge)
	if got.Requests != 1 || got.Bytes != 0 || got.continuable() {
		t.Errorf("got %+v", got)
	}
}
