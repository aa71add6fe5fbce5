package collect

import (
	"context"
	"errors"
	"os"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shapes-desktop/shapes/core/acquire/fetch"
	"github.com/shapes-desktop/shapes/core/acquire/source"
)

func TestWhatIsPostedIsPartOfTheAddress(t *testing.T) {
	b := newBench(t)
	const api = "https://overpass.example/api/interpreter"
	b.fake.set(api, func(_ context.Context, g fetch.Get) (fetch.Got, error) {
		data := []byte(answerOf("", relation) + " ")
		if g.Form == "data=b" {
			data = []byte(answerOf("", relation, relation))
		}
		return fetch.Got{Bytes: int64(len(data)), SHA256: hash(data)}, os.WriteFile(g.Part, data, 0o600)
	})
	for i, form := range []string{"data=a", "data=b", "data=a"} {
		r := source.Request{URL: api, Form: form, Name: "XYZ", Expect: source.Expect{Format: source.Answer, Units: 1 + i%2}}
		if rec, _, err := b.Get(t.Context(), Order{Request: r}); err != nil || rec.Form != form {
			t.Errorf("%s: %v, %+v", form, err, rec)
		}
	}
	if len(b.fake.asked) != 2 {
		t.Errorf("asked %d times", len(b.fake.asked))
	}
	b.sound(t, 2)
}

// Two requests have an address in common: one after the other writes to its
// part.
func TestAnAddressInCommon(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		const common = "https://example.com/common.geojson"
		data := layer("XYZ", 2)
		now, most := 0, 0
		b.fake.set(common, func(_ context.Context, g fetch.Get) (fetch.Got, error) {
			b.fake.mu.Lock()
			now++
			most = max(most, now)
			b.fake.mu.Unlock()
			time.Sleep(time.Second) // virtual
			b.fake.mu.Lock()
			now--
			b.fake.mu.Unlock()
			return fetch.Got{Bytes: int64(len(data)), SHA256: hash(data)}, os.WriteFile(g.Part, data, 0o600)
		})
		var group sync.WaitGroup
		for _, url := range []string{"https://example.com/a", "https://example.com/b", common} {
			group.Go(func() {
				o := Order{Request: layerRequest()}
				o.Request.URL, o.Request.Others = url, []string{common}
				if rec, _, err := b.Get(t.Context(), o); err != nil || rec.URL != url {
					t.Errorf("%s: %v", url, err)
				}
			})
		}
		group.Wait()
		if most != 1 {
			t.Errorf("%d at the same time", most)
		}
		b.sound(t, 1)
	})
}

func TestWhoLeavesAtTheGate(t *testing.T) {
	g := gate{held: map[key]chan struct{}{}}
	k := keyOf("u", "")
	leave, err := g.enter(t.Context(), k)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := g.enter(ctx, k); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	leave()
	if leave, err = g.enter(t.Context(), k); err != nil {
		t.Error(err)
	}
	leave()
}

// A newer version that the source announces is fetched, without being asked to.
func TestAnAnnouncedVersionIsFetched(t *testing.T) {
	b := newBench(t)
	old, data := layer("old", 2), layer("new", 2)
	b.fake.put(layerURL, old)
	o := Order{Request: layerRequest()}
	if _, _, err := b.Get(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	b.fake.put(layerURL, data)
	o.Request.Expect.SHA256, o.Request.Expect.Size = hash(data), int64(len(data))
	for range 2 {
		if rec, _, err := b.Get(t.Context(), o); err != nil || rec.SHA256 != hash(data) {
			t.Errorf("%v, %+v", err, rec)
		}
	}
	if asked := b.fake.asked; len(asked) != 2 || asked[1].ETag != "" {
		t.Errorf("asked %+v", asked)
	}
	b.sound(t, 2)
}

func TestNotModifiedOutOfNowhere(t *testing.T) {
	b := newBench(t)
	b.fake.set(layerURL, func(context.Context, fetch.Get) (fetch.Got, error) { return fetch.Got{NotModified: true}, nil })
	if _, _, err := b.Get(t.Context(), Order{Request: layerRequest()}); ReasonOf(err) != Unchanged {
		t.Error(err)
	}
	b.sound(t, 0)
	b.noPartials(t)
}

// Who stops the check of a file that came whole does not lose it.
func TestACheckThatIsStopped(t *testing.T) {
	b := newBench(t)
	data := layer("XYZ", 2)
	state := fetch.State{ETag: `"v1"`, Size: int64(len(data))}
	ctx, cancel := context.WithCancel(t.Context())
	whole := func(_ context.Context, g fetch.Get) (fetch.Got, error) {
		return fetch.Got{State: state, Bytes: int64(len(data)), SHA256: hash(data)}, os.WriteFile(g.Part, data, 0o600)
	}
	d := &download{Collector: b.Collector, url: layerURL}
	o := Order{Request: layerRequest()}
	d.o, d.r = o, &o.Request
	b.fake.set(layerURL, func(ctx context.Context, g fetch.Get) (fetch.Got, error) {
		cancel()
		return whole(ctx, g)
	})
	if _, _, err := d.run(ctx); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	b.fake.set(layerURL, func(ctx context.Context, g fetch.Get) (fetch.Got, error) {
		if got, err := os.ReadFile(g.Part); err != nil || len(got) != len(data) || g.Resume != state {
			t.Errorf("%d bytes, %v, %+v", len(got), err, g.Resume)
		}
		return whole(ctx, g)
	})
	if _, _, err := b.Get(t.Context(), o); err != nil {
		t.Error(err)
	}
	b.sound(t, 1)
	b.noPartials(t)
}

// What came of a download that nobody waits for any more is kept when Close
// returns.
func TestCloseKeepsWhatCame(t *testing.T) {
	b := newBench(t)
	data := layer("XYZ", 2)
	state := fetch.State{ETag: `"v1"`, Size: int64(len(data))}
	came, let := make(chan struct{}), make(chan struct{})
	b.fake.set(layerURL, func(ctx context.Context, g fetch.Get) (fetch.Got, error) {
		if err := os.WriteFile(g.Part, data[:10], 0o600); err != nil {
			return fetch.Got{}, err
		}
		close(came)
		<-ctx.Done()
		<-let // slow to hear of it
		return fetch.Got{State: state, Bytes: 10}, ctx.Err()
	})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-came
		cancel()
	}()
	if _, _, err := b.Get(ctx, Order{Request: layerRequest()}); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	go close(let)
	b.Close()
	if part, kept, err := b.cache.Partial(layerURL, ""); err != nil || kept == nil {
		t.Errorf("%s: state %q, %v", part, kept, err)
	}
	if _, _, err := b.Get(t.Context(), Order{Request: layerRequest()}); !errors.Is(err, ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
}

// Close ends what somebody still waits for.
func TestCloseEndsDownloads(t *testing.T) {
	b := newBench(t)
	came := make(chan struct{})
	b.fake.set(layerURL, func(ctx context.Context, _ fetch.Get) (fetch.Got, error) {
		close(came)
		<-ctx.Done()
		return fetch.Got{}, ctx.Err()
	})
	ended := make(chan error)
	go func() {
		_, _, err := b.Get(context.Background(), Order{Request: layerRequest()})
		ended <- err
	}()
	<-came
	b.Close()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
