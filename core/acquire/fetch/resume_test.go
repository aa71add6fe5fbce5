package fetch

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"os"
	"runtime"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/shapes-desktop/shapes/core/acquire/fetch/faulty"
)

// torn fetches half of the file in one Fetch that is called off.
func (b *bench) torn() Got {
	b.t.Helper()
	ctx, cancel := context.WithCancel(b.t.Context())
	defer cancel()
	b.Script(path, faulty.Stall(0.5))
	got, err := b.client.Fetch(ctx, Get{URL: b.URL() + path, Part: b.part, OnBytes: func(done, _ int64) {
		if done == 150_000 {
			cancel()
		}
	}})
	if !errors.Is(err, context.Canceled) || got.Bytes != 150_000 {
		b.t.Fatalf("got %+v, %v", got, err)
	}
	b.Forget()
	return got
}

func TestALaterFetchGoesOn(t *testing.T) {
	b := newBench(t, nil)
	before := b.torn()
	var first int64
	got, err := b.client.Fetch(t.Context(), Get{URL: b.URL() + path, Part: b.part, Resume: before.State, OnBytes: func(done, total int64) {
		if first == 0 {
			first = done
		}
		if total != 300_000 {
			t.Errorf("total %d", total)
		}
	}})
	b.whole(got, err)
	h := b.Requests()[0].Header
	if h.Get("Range") != "bytes=150000-" || h.Get("If-Range") != before.ETag || first <= 150_000 {
		t.Errorf("asked %v, progress began at %d", h, first)
	}
	if info, err := os.Stat(b.part); err != nil || runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		t.Errorf("the part can be read by others: %v, %v", info.Mode(), err)
	}
}

func TestAChangedFileIsNotPatched(t *testing.T) {
	for _, f := range []faulty.Fault{
		faulty.Change(noise(200_000)), faulty.Change(noise(10)), faulty.Change(noise(400_000)), faulty.Change(nil),
	} {
		b := newBench(t, nil)
		before := b.torn()
		b.Script(path, f)
		got, err := b.client.Fetch(t.Context(), Get{URL: b.URL() + path, Part: b.part, Resume: before.State})
		want := map[int64][]byte{200_000: noise(200_000), 10: noise(10), 400_000: noise(400_000), 0: nil}[got.Bytes]
		b.holds(got, err, want)
		if got.ETag == before.ETag {
			t.Error("the tag is that of the old file")
		}
	}
}

// Files that change twice in a second have one date.
func TestAPartWithAnotherTagIsOfAnotherVersion(t *testing.T) {
	const date = "Mon, 01 Jan 2024 00:00:00 GMT"
	for _, c := range []struct {
		had, came, modified string
		want                bool
	}{
		{`W/"1"`, `W/"1"`, date, true},
		{`W/"1"`, "", "", true}, // it may leave out what we know
		{`W/"1"`, `W/"2"`, date, false},
		{"", `"2"`, date, false},
		{"", "", date, true},
		{"", "", "Tue, 02 Jan 2024 00:00:00 GMT", false},
	} {
		d := &download{state: State{ETag: c.had, Modified: date, Size: 20}, part: &part{size: 10}}
		resp := &http.Response{ContentLength: 10, Header: http.Header{"Etag": {c.came}, "Last-Modified": {c.modified}}}
		if got := d.continues(resp, contentRange{10, 19, 20}); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

func TestWhatProvesNothingIsNotContinued(t *testing.T) {
	date := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name   string
		opts   []faulty.Option
		ranged bool
	}{
		{"tag", []faulty.Option{faulty.Modified(time.Time{})}, true},
		{"date", []faulty.Option{faulty.ETag("")}, true},
		{"weak tag and date", []faulty.Option{faulty.ETag(`W/"1"`)}, true},
		{"weak tag", []faulty.Option{faulty.ETag(`W/"1"`), faulty.Modified(time.Time{})}, false},
		{"nothing", []faulty.Option{faulty.Plain()}, false},
		{"no ranges", []faulty.Option{faulty.NoRanges(), faulty.Modified(date)}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, nil)
			b.Put(path, b.data, c.opts...)
			before := b.torn()
			got, err := b.client.Fetch(t.Context(), Get{URL: b.URL() + path, Part: b.part, Resume: before.State})
			b.whole(got, err)
			if ranged := b.Requests()[0].Header.Get("Range") != ""; ranged != c.ranged {
				t.Errorf("ranged %v, want %v", ranged, c.ranged)
			}
		})
	}
}

func TestWithoutAStateThePartBeginsAnew(t *testing.T) {
	b := newBench(t, nil)
	b.torn()
	got, err := b.get()
	b.whole(got, err)
	if b.Requests()[0].Header.Get("Range") != "" {
		t.Error("bytes of nobody knows what were continued")
	}
}

// The program ended between the last byte and the record of it.
func TestAWholePartIsProvedByItsLastByte(t *testing.T) {
	b := newBench(t, nil)
	first, err := b.get()
	b.whole(first, err)
	for _, more := range []string{"", "tail that is not the file's"} {
		if err := os.WriteFile(b.part, append(slices.Clone(b.data), more...), 0o600); err != nil {
			t.Fatal(err)
		}
		b.Forget()
		got, err := b.client.Fetch(t.Context(), Get{URL: b.URL() + path, Part: b.part, Resume: first.State})
		b.whole(got, err)
		if r := b.Requests(); len(r) != 1 || r[0].Header.Get("Range") != "bytes=299999-" {
			t.Errorf("asked %v", r)
		}
	}
}

func TestErrorsSayWhatIsKept(t *testing.T) {
	b := newBench(t, func(_ *faulty.Server, o *Options) { o.Tries = 1 })
	b.Script(path, faulty.Truncate(0.5))
	got, err := b.get()
	e := b.failed(err, Broken)
	if want := "the connection broke off; 150 kB are kept, and the next try goes on from there"; e.Says != want || got.Bytes != 150_000 {
		t.Errorf("%q with %d bytes", e.Says, got.Bytes)
	}
	b.Put(path, b.data, faulty.Plain())
	b.Script(path, faulty.Truncate(0.5))
	_, err = b.get()
	if e := b.failed(err, Broken); e.Says != "the connection broke off" {
		t.Errorf("%q", e.Says)
	}
}

// Whatever a server does and however often one begins, the bytes are the
// server's own in the end, or there is a reason.
func TestAnyScriptEndsRightOrWithAReason(t *testing.T) {
	b := newBench(t, nil)
	menu := []faulty.Fault{
		faulty.OK(), faulty.Hangup(), faulty.Reset(0.3), faulty.Truncate(0.1), faulty.Truncate(0.7), faulty.TooMany("1"), faulty.Status(500, ""),
		faulty.WholeFile(), faulty.WrongRange(), faulty.NoContentRange(), faulty.OtherTag(), faulty.Unsatisfiable(), faulty.LongLength(9),
		faulty.Chunked(), faulty.Gzip(1), faulty.Gzip(0.4), faulty.Hops(2), faulty.NotFound(), faulty.Loop(), faulty.NotModified(),
	}
	ours := [][]byte{b.data[:70_000], b.data[1:70_000], b.data[5:90_000]}
	rapid.Check(t, func(r *rapid.T) {
		at := "/" + rapid.StringMatching("[a-z]{12}").Draw(r, "path")
		for _, i := range rapid.SliceOfN(rapid.IntRange(0, len(menu)+len(ours)-1), 0, 12).Draw(r, "faults") {
			if i < len(menu) {
				b.Script(at, menu[i])
			} else {
				b.Script(at, faulty.Change(ours[i-len(menu)]))
			}
		}
		b.Put(at, ours[0])
		g := Get{URL: b.URL() + at, Part: b.part}
		for range 30 {
			got, err := b.client.Fetch(t.Context(), g)
			have, readErr := os.ReadFile(b.part)
			if readErr != nil || int64(len(have)) != got.Bytes {
				r.Fatalf("the part has %d bytes, %d were told, %v", len(have), got.Bytes, readErr)
			}
			if err == nil {
				if !slices.ContainsFunc(ours, func(o []byte) bool { return bytes.Equal(o, have) }) || got.SHA256 != sum(have) {
					r.Fatalf("the part has %d bytes that the server never had", len(have))
				}
				return
			}
			if KindOf(err) == "" {
				r.Fatalf("no reason: %v", err)
			}
			if got.continuable() && !slices.ContainsFunc(ours, func(o []byte) bool { return bytes.HasPrefix(o, have) }) {
				r.Fatalf("%d bytes are kept that no file begins with", len(have))
			}
			g.Resume = got.State
		}
		r.Fatal("a script that ends did not end")
	})
}
