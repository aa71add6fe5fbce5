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
