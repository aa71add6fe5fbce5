package collect

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shapes-desktop/shapes/core/acquire/fetch"
	"github.com/shapes-desktop/shapes/core/acquire/source"
)

func TestAFileIsFetchedOnceAndKeptWithItsRecord(t *testing.T) {
	b := newBench(t)
	data := layer("XYZ", 2)
	b.fake.put(layerURL, data)
	var seen []string
	o := Order{Request: layerRequest(), AcceptedBy: "ann", Accepted: start(), OnBytes: func(done, total int64) {
		seen = append(seen, fmt.Sprint(done, "/", total))
	}}
	rec, path, err := b.Get(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != string(data) {
		t.Errorf("file: %v, %d bytes", err, len(got))
	}
	if rec.SHA256 != hash(data) || rec.Name != "XYZ_1.geojson" || rec.License != "CC BY 4.0" || rec.AcceptedBy != "ann" ||
		!slices.Equal(rec.Cells, []string{"XYZ:1"}) || rec.Vintage != "2020" || !rec.Fetched.Equal(start()) || rec.FinalURL != layerURL {
		t.Errorf("record %+v", rec)
	}
	if want := fmt.Sprint(len(data), "/", len(data)); !slices.Equal(seen, []string{want}) {
		t.Errorf("progress %v", seen)
	}
	o.Request.Cells = []source.Cell{{Country: "ABC", Level: 1}}
	rec, _, err = b.Get(t.Context(), o)
	if err != nil || !slices.Equal(rec.Cells, []string{"ABC:1", "XYZ:1"}) {
		t.Errorf("%v, cells %v", err, rec.Cells)
	}
	if got := b.fake.urls(); got != "example.org/XYZ_1.geojson" {
		t.Errorf("asked for %s", got)
	}
	b.sound(t, 1)
	b.noPartials(t)
}

func TestConsentComesFirst(t *testing.T) {
	b := newBench(t)
	b.fake.put(layerURL, layer("XYZ", 2))
	o := Order{Request: layerRequest()}
	o.Request.License.Consent = true
	for range 2 { // the second time it is in the cache: that is no consent
		_, _, err := b.Get(t.Context(), o)
		if !errors.Is(err, ErrConsent) || ReasonOf(err) != Consent || b.fake.urls() != "" {
			t.Errorf("without consent: %v", err)
		}
		if _, _, err := b.Get(t.Context(), Order{Request: o.Request, AcceptedBy: "ann", Accepted: start()}); err != nil {
			t.Error(err)
		}
		b.fake.urls()
	}
}

func TestRefreshAsksWhetherThereIsNews(t *testing.T) {
	b := newBench(t)
	b.fake.put(layerURL, layer("XYZ", 2))
	o := Order{Request: layerRequest()}
	first, _, err := b.Get(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	b.now = start().Add(24 * time.Hour)
	o.Refresh = true
	again, _, err := b.Get(t.Context(), o)
	if err != nil || again.SHA256 != first.SHA256 || !again.Checked.Equal(b.now) || !again.Fetched.Equal(start()) {
		t.Errorf("unchanged: %v, %+v", err, again)
	}
	if b.fake.asked[1].ETag != first.ETag || first.ETag == "" {
		t.Errorf("asked with ETag %q", b.fake.asked[1].ETag)
	}
	b.fake.put(layerURL, layer("new", 2))
	fresh, _, err := b.Get(t.Context(), o)
	if err != nil || fresh.SHA256 == first.SHA256 {
		t.Errorf("changed: %v", err)
	}
	o.Refresh = false
	if rec, _, err := b.Get(t.Context(), o); err != nil || rec.SHA256 != fresh.SHA256 {
		t.Errorf("afterwards: %v", err)
	}
	b.fake.put(layerURL, []byte("<html><title>Down</title>"))
	o.Refresh = true
	_, _, err = b.Get(t.Context(), o)
	if ReasonOf(err) != Page || !strings.Contains(err.Error(), "fetched on 2 November 2026 is kept") {
		t.Errorf("a page: %v", err)
	}
	b.sound(t, 2)
	b.noPartials(t)
}

func TestAFileThatWentIsFetchedAgain(t *testing.T) {
	b := newBench(t)
	b.fake.put(layerURL, layer("XYZ", 2))
	o := Order{Request: layerRequest()}
	_, path, err := b.Get(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, _, err := b.Get(t.Context(), o); err != nil {
		t.Error(err)
	}
	if asked := b.fake.asked; len(asked) != 2 || asked[1].ETag != "" {
		t.Errorf("asked %+v", asked)
	}
	b.sound(t, 1)
}

func TestOtherAddresses(t *testing.T) {
	const other = "https://example.com/XYZ_1.geojson"
	for _, c := range []struct {
		name  string
		first func(b *bench)
		asks  bool
	}{
		{"missing", func(b *bench) { b.fake.fail(layerURL, fetch.Missing, 404) }, true},
		{"a store's 403", func(b *bench) { b.fake.fail(layerURL, fetch.Refused, 403) }, true},
		{"empty", func(b *bench) { b.fake.put(layerURL, nil) }, true},
		{"not acceptable", func(b *bench) { b.fake.fail(layerURL, fetch.Refused, 406) }, false},
		{"busy", func(b *bench) { b.fake.fail(layerURL, fetch.Busy, 503) }, false},
		{"a page", func(b *bench) { b.fake.put(layerURL, []byte("<html>")) }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t)
			c.first(b)
			b.fake.put(other, layer("XYZ", 2))
			o := Order{Request: layerRequest()}
			o.Request.Others = []string{other}
			rec, _, err := b.Get(t.Context(), o)
			if asks := strings.Contains(b.fake.urls(), "example.com"); asks != c.asks || (err == nil) != c.asks {
				t.Fatalf("asked the other: %v; %v", asks, err)
			}
			if !c.asks {
				return
			}
			if rec.URL != layerURL || rec.Asked != other {
				t.Errorf("record of %s, asked %s", rec.URL, rec.Asked)
			}
			if _, _, err := b.Get(t.Context(), o); err != nil || b.fake.urls() != "" {
				t.Errorf("second time: %v", err)
			}
			o.Refresh = true
			if _, _, err := b.Get(t.Context(), o); err != nil {
				t.Error(err)
			}
			if asked := b.fake.asked; asked[0].ETag != "" || asked[1].ETag == "" {
				t.Error("a tag was shown to an address that it is not of")
			}
			b.sound(t, 1)
			b.noPartials(t)
		})
	}
	t.Run("none has it", func(t *testing.T) {
		b := newBench(t)
		o := Order{Request: layerRequest()}
		o.Request.Others = []string{other}
		if _, _, err := b.Get(t.Context(), o); fetch.KindOf(err) != fetch.Missing || ReasonOf(err) != Transport {
			t.Error(err)
		}
		b.fake.fail(other, fetch.Busy, 503)
		if _, _, err := b.Get(t.Context(), o); fetch.KindOf(err) != fetch.Busy {
			t.Errorf("want the reason for which it is worth to come again: %v", err)
		}
	})
}

func TestWhatBrokeOffGoesOn(t *testing.T) {
	b := newBench(t)
	data := layer("XYZ", 2)
	state := fetch.State{URL: layerURL, ETag: `"v1"`, Size: int64(len(data))}
	b.fake.set(layerURL, func(_ context.Context, g fetch.Get) (fetch.Got, error) {
		if err := os.WriteFile(g.Part, data[:100], 0o600); err != nil {
			t.Error(err)
		}
		return fetch.Got{State: state, Bytes: 100}, failure(g, fetch.Broken, 0)
	})
	o := Order{Request: layerRequest()}
	_, _, err := b.Get(t.Context(), o)
	if ReasonOf(err) != Transport || fetch.KindOf(err) != fetch.Broken {
		t.Fatal(err)
	}
	b.fake.fail(layerURL, fetch.Offline, 0) // nothing new is known: the old state stays
	if _, _, err := b.Get(t.Context(), o); fetch.KindOf(err) != fetch.Offline {
		t.Fatal(err)
	}
	b.fake.set(layerURL, func(_ context.Context, g fetch.Get) (fetch.Got, error) {
		if got, err := os.ReadFile(g.Part); err != nil || len(got) != 100 || g.Resume != state {
			t.Errorf("resume %+v with %d bytes, %v", g.Resume, len(got), err)
		}
		return fetch.Got{State: state, Bytes: int64(len(data)), SHA256: hash(data)}, os.WriteFile(g.Part, data, 0o600)
	})
	if _, _, err := b.Get(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	b.sound(t, 1)
	b.noPartials(t)
}

func TestAnAnswerIsFollowed(t *testing.T) {
	const api = "https://example.org/api/XYZ/"
	b := newBench(t)
	index := func(to string) []byte { return fmt.Appendf(nil, `{"gjDownloadURL": %q}`, to) }
	request := source.Request{
		URL: api, Name: "XYZ.json", Expect: source.Expect{Format: source.JSON},
		Follow: func(answer []byte) (source.Request, error) {
			_, to, ok := strings.Cut(strings.TrimSuffix(string(answer), `"}`), `: "`)
			if !ok {
				return source.Request{}, errors.New("there is no gjDownloadURL")
			}
			r := layerRequest()
			r.URL = to
			return r, nil
		},
	}
	o := Order{Request: request}
	b.fake.put(api, []byte(`{"error": 1}`))
	if _, _, err := b.Get(t.Context(), o); ReasonOf(err) != Astray || !strings.Contains(err.Error(), "no gjDownloadURL") {
		t.Errorf("an answer that leads nowhere: %v", err)
	}
	b.sound(t, 0)
	b.fake.put(api, index(layerURL))
	b.fake.put(layerURL, layer("XYZ", 2))
	b.fake.urls()
	for _, want := range []string{"example.org/api/XYZ/ example.org/XYZ_1.geojson", ""} {
		rec, _, err := b.Get(t.Context(), o)
		if got := b.fake.urls(); err != nil || rec.URL != layerURL || got != want {
			t.Errorf("%v, asked %q", err, got)
		}
	}
	b.sound(t, 2)
	// The data have moved: the answer of the cache is out of date.
	moved := "https://example.org/moved.geojson"
	rec, _ := b.cache.Find(layerURL, "")
	if err := b.cache.Remove(rec.SHA256); err != nil {
		t.Fatal(err)
	}
	b.fake.fail(layerURL, fetch.Missing, 404)
	b.fake.put(api, index(moved))
	b.fake.put(moved, layer("XYZ", 2))
	if rec, _, err := b.Get(t.Context(), o); err != nil || rec.URL != moved {
		t.Errorf("moved: %v", err)
	}
	if got := b.fake.urls(); got != "example.org/XYZ_1.geojson example.org/api/XYZ/ example.org/moved.geojson" {
		t.Errorf("asked %q", got)
	}
}

func TestAnEndlessChainEnds(t *testing.T) {
	b := newBench(t)
	n := 0
	var follow func([]byte) (source.Request, error)
	make := func(n int) source.Request {
		return source.Request{URL: fmt.Sprintf("https://example.org/%d", n), Name: "x", Expect: source.Expect{Format: source.JSON}, Follow: follow}
	}
	follow = func([]byte) (source.Request, error) { n++; return make(n), nil }
	b.fake.put("https://example.org/0", []byte("{}"))
	for i := range 100 {
		b.fake.put(fmt.Sprintf("https://example.org/%d", i), []byte("{}"))
	}
	if _, _, err := b.Get(t.Context(), Order{Request: make(0)}); ReasonOf(err) != Astray {
		t.Error(err)
	}
	if got := strings.Fields(b.fake.urls()); len(got) > maxFollow+1 {
		t.Errorf("asked %v", got)
	}
}

func TestAPointerIsFollowedAndVerified(t *testing.T) {
	const (
		raw   = "https://github.com/o/r/raw/abc123/data/XYZ_1.geojson"
		media = "https://media.githubusercontent.com/media/o/r/abc123/data/XYZ_1.geojson"
	)
	data := layer("XYZ", 2)
	o := Order{Request: layerRequest()}
	o.Request.URL = raw
	b := newBench(t)
	b.fake.put(raw, pointerTo(data))
	for name, wrong := range map[string][]byte{"other bytes": layer("XYY", 2), "a pointer": pointerTo(data), "longer": layer("XYZ", 3)} {
		b.fake.put(media, wrong)
		if _, _, err := b.Get(t.Context(), o); ReasonOf(err) != Checksum && ReasonOf(err) != Pointer {
			t.Errorf("%s: %v", name, err)
		}
		b.sound(t, 0)
	}
	b.fake.put(media, data)
	rec, _, err := b.Get(t.Context(), o)
	if err != nil || rec.URL != raw || rec.Asked != media || rec.SHA256 != hash(data) {
		t.Fatalf("%v, %+v", err, rec)
	}
	b.fake.urls()
	o.Refresh = true // the pointer tells that nothing is new
	if rec, _, err := b.Get(t.Context(), o); err != nil || rec.SHA256 != hash(data) || rec.Asked != media {
		t.Errorf("refresh: %v, %+v", err, rec)
	}
	if got := b.fake.urls(); got != strings.TrimPrefix(raw, "https://") {
		t.Errorf("asked %s", got)
	}
	// The same bytes behind another pointer are not fetched a second time.
	o.Request.URL = "https://raw.githubusercontent.com/o/r/main/XYZ_1.geojson"
	b.fake.put(o.Request.URL, pointerTo(data))
	if rec, _, err := b.Get(t.Context(), o); err != nil || rec.URL != o.Request.URL || len(rec.Also) != 1 {
		t.Errorf("same bytes: %v, %+v", err, rec)
	}
	b.sound(t, 1)
	b.noPartials(t)
	o.Request.URL = "https://example.net/x.geojson"
	b.fake.put(o.Request.URL, pointerTo(data))
	if _, _, err := b.Get(t.Context(), o); ReasonOf(err) != Pointer {
		t.Errorf("a pointer from nowhere: %v", err)
	}
}

func TestOneDownloadHoweverManyAsk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		data := layer("XYZ", 2)
		slow := func(ctx context.Context, g fetch.Get) (fetch.Got, error) {
			select {
			case <-time.After(time.Minute):
			case <-ctx.Done():
				return fetch.Got{}, ctx.Err()
			}
			g.OnBytes(1, 2)
			return fetch.Got{Bytes: int64(len(data)), SHA256: hash(data)}, os.WriteFile(g.Part, data, 0o600)
		}
		b.fake.set(layerURL, slow)
		var group sync.WaitGroup
		heard := make([]int, 50)
		ask := func(ctx context.Context, i int, want error) {
			group.Go(func() {
				_, _, err := b.Get(ctx, Order{Request: layerRequest(), OnBytes: func(_, _ int64) { heard[i]++ }})
				if !errors.Is(err, want) {
					t.Errorf("%d: %v, want %v", i, err, want)
				}
			})
		}
		ctx, leave := context.WithCancel(t.Context())
		ask(ctx, 0, context.Canceled) // who began it leaves
		synctest.Wait()
		for i := 1; i < len(heard); i++ {
			ask(t.Context(), i, nil)
		}
		synctest.Wait()
		leave()
		group.Wait()
		if got := b.fake.urls(); strings.Count(got, "geojson") != 1 {
			t.Errorf("asked %s", got)
		}
		if heard[0] != 0 || slices.Contains(heard[1:], 0) {
			t.Errorf("progress %v", heard)
		}
		b.sound(t, 1)
	})
}

func TestWhenAllHaveLeftTheDownloadEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		ended := make(chan struct{})
		b.fake.set(layerURL, func(ctx context.Context, g fetch.Get) (fetch.Got, error) {
			<-ctx.Done()
			<-ended // it takes its time
			return fetch.Got{}, ctx.Err()
		})
		ctx, leave := context.WithCancel(t.Context())
		var group sync.WaitGroup
		for range 3 {
			group.Go(func() {
				if _, _, err := b.Get(ctx, Order{Request: layerRequest()}); !errors.Is(err, context.Canceled) {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		leave()
		group.Wait()
		b.fake.put(layerURL, layer("XYZ", 2))
		group.Go(func() { // comes while it is being ended, and begins anew
			if _, _, err := b.Get(t.Context(), Order{Request: layerRequest()}); err != nil {
				t.Error(err)
			}
		})
		synctest.Wait()
		close(ended)
		group.Wait()
		b.sound(t, 1)
	})
}
