package fetch

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shapes-desktop/shapes/core/acquire/fetch/faulty"
)

// inBubble runs a test where time is virtual: the server is in memory, and the
// client's clock, pauses and time-outs are those of the bubble.
func inBubble(t *testing.T, change func(*faulty.Server, *Options), test func(*bench)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		b := &bench{Server: faulty.NewPiped(t), t: t, data: noise(10_000)}
		b.Put(path, b.data)
		transport := b.Transport()
		t.Cleanup(transport.CloseIdleConnections)
		o := Options{UserAgent: agent, Transport: transport}
		if change != nil {
			change(b.Server, &o)
		}
		b.client = newClient(t, o)
		b.part = filepath.Join(t.TempDir(), "x.part")
		test(b)
	})
}

func TestStallsEndAndAreContinued(t *testing.T) {
	for _, f := range []faulty.Fault{faulty.Mute(), faulty.Stall(0), faulty.Stall(0.5), faulty.Drip(5000, time.Hour)} {
		inBubble(t, nil, func(b *bench) {
			b.Script(path, f)
			begin := time.Now()
			got, err := b.get()
			b.whole(got, err)
			if got.Requests != 2 || time.Since(begin) < time.Minute || time.Since(begin) > time.Minute+2*time.Second {
				t.Errorf("%s: %d requests in %v", f.Name, got.Requests, time.Since(begin))
			}
		})
	}
}

func TestAServerThatNeverAnswersIsGivenUp(t *testing.T) {
	inBubble(t, func(_ *faulty.Server, o *Options) { o.Tries = 3 }, func(b *bench) {
		b.Always(path, faulty.Mute())
		got, err := b.get()
		e := b.failed(err, Timeout)
		if got.Requests != 3 || e.Tries != 3 || !strings.Contains(e.Error(), "nothing came for 1m0s") {
			t.Errorf("%d requests: %v", got.Requests, err)
		}
	})
}

// There is no bound on the whole: what keeps coming is waited for.
func TestASlowDownloadIsNotAStall(t *testing.T) {
	inBubble(t, nil, func(b *bench) {
		b.Script(path, faulty.Drip(100, 50*time.Second))
		begin := time.Now()
		got, err := b.get()
		b.whole(got, err)
		if got.Requests != 1 || time.Since(begin) < 80*time.Minute {
			t.Errorf("%d requests in %v", got.Requests, time.Since(begin))
		}
	})
}

func TestAHostThatThinksLong(t *testing.T) {
	inBubble(t, func(s *faulty.Server, o *Options) {
		o.Mirrors = s.Mirrors("overpass-api.de")
		o.Rules = map[string]Rule{"overpass-api.de": {AtOnce: 1, Idle: 4 * time.Minute}}
	}, func(b *bench) {
		b.Put("/overpass-api.de/api/interpreter", b.data)
		b.Script("/overpass-api.de/api/interpreter", faulty.Mute())
		go func() {
			time.Sleep(3 * time.Minute)
			b.Release()
		}()
		got, err := b.client.Fetch(b.t.Context(), Get{URL: "https://overpass-api.de/api/interpreter", Form: "data=x", Part: b.part})
		b.whole(got, err)
		if got.Requests != 1 {
			t.Errorf("%d requests", got.Requests)
		}
	})
}

func TestCallingOffEndsAnyWait(t *testing.T) {
	pause := errors.New("paused by the user")
	for name, f := range map[string]faulty.Fault{
		"no answer": faulty.Mute(), "half an answer": faulty.Stall(0.5), "a pause": faulty.TooMany("50"), "an endless answer": faulty.Endless(),
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, nil, func(b *bench) {
				b.Always(path, f)
				ctx, cancel := context.WithCancelCause(b.t.Context())
				g := Get{URL: b.URL() + path, Part: b.part}
				if name == "an endless answer" {
					g.OnBytes = func(done, _ int64) {
						if done > 1_000_000 {
							cancel(pause)
						}
					}
				} else {
					time.AfterFunc(20*time.Second, func() { cancel(pause) })
				}
				got, err := b.client.Fetch(ctx, g)
				if !errors.Is(err, context.Canceled) || !errors.Is(err, pause) || KindOf(err) != "" || got.Requests != 1 {
					t.Errorf("%d requests: %v", got.Requests, err)
				}
				if name == "half an answer" && (got.Bytes != 5000 || got.ETag == "") {
					t.Errorf("what came is lost: %+v", got)
				}
			})
		})
	}
}

func TestCallingOffInTheQueue(t *testing.T) {
	inBubble(t, func(_ *faulty.Server, o *Options) { o.Default.AtOnce = 1 }, func(b *bench) {
		b.Always(path, faulty.Mute())
		first, cancel := context.WithCancel(b.t.Context())
		var both sync.WaitGroup
		both.Go(func() { _, _ = b.client.Fetch(first, Get{URL: b.URL() + path, Part: b.part}) })
		synctest.Wait()
		second, stop := context.WithTimeout(b.t.Context(), time.Second)
		defer stop()
		got, err := b.client.Fetch(second, Get{URL: b.URL() + path, Part: b.part + "2"})
		if !errors.Is(err, context.DeadlineExceeded) || got.Requests != 0 {
			t.Errorf("%+v, %v", got, err)
		}
		cancel()
		both.Wait()
	})
}

// crowd fetches path n times at once, each into a file of its own.
func (b *bench) crowd(n int) []error {
	errs := make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			part := filepath.Join(filepath.Dir(b.part), string(rune('a'+i)))
			_, errs[i] = b.client.Fetch(b.t.Context(), Get{URL: b.URL() + path, Part: part})
			if have, err := os.ReadFile(part); errs[i] == nil && (err != nil || sum(have) != sum(b.data)) {
				errs[i] = errors.New("other bytes than the server's")
			}
		})
	}
	all.Wait()
	return errs
}

func TestAHostIsNotAskedTooMuchAtOnce(t *testing.T) {
	for _, atOnce := range []int{0, 1, 3} {
		inBubble(t, func(s *faulty.Server, o *Options) {
			o.Rules = map[string]Rule{"127.0.0.1": {AtOnce: atOnce}}
		}, func(b *bench) {
			b.Always(path, faulty.Drip(1000, time.Second))
			for _, err := range b.crowd(9) {
				if err != nil {
					t.Error(err)
				}
			}
			if want := []int{2, 1, 2, 3}[atOnce]; b.Most() != want {
				t.Errorf("rule %d: %d at once, want %d", atOnce, b.Most(), want)
			}
		})
	}
}

func TestRequestsAreSpaced(t *testing.T) {
	inBubble(t, func(s *faulty.Server, o *Options) { o.Default.Every = time.Second }, func(b *bench) {
		for _, err := range b.crowd(5) {
			if err != nil {
				t.Error(err)
			}
		}
		requests := b.Requests()
		for i, r := range requests[1:] {
			if d := r.At.Sub(requests[i].At); d < time.Second {
				t.Errorf("request %d came %v after the one before", i+1, d)
			}
		}
	})
}

// "Too many" is said to all who ask, not to the one who was told.
func TestAfterTooManyAllWait(t *testing.T) {
	inBubble(t, func(s *faulty.Server, o *Options) {
		o.Rules = map[string]Rule{"127.0.0.1": {AtOnce: 1, After429: 30 * time.Second}}
	}, func(b *bench) {
		b.Script(path, faulty.OK(), faulty.TooMany(""), faulty.OK(), faulty.TooMany("5"), faulty.TooMany("40"))
		for _, err := range b.crowd(4) {
			if err != nil {
				t.Error(err)
			}
		}
		requests := b.Requests()
		if len(requests) != 7 {
			t.Fatalf("%d requests", len(requests))
		}
		for i, least := range []time.Duration{0, 0, 30, 0, 30, 40, 0} {
			if i > 0 && requests[i].At.Sub(requests[i-1].At) < least*time.Second {
				t.Errorf("request %d came %v after %s", i, requests[i].At.Sub(requests[i-1].At), requests[i-1].Fault)
			}
		}
	})
}

// Who was told to come back in an hour is not asked by the next either, until
// the hour is over.
func TestALongWaitIsToldAndKept(t *testing.T) {
	inBubble(t, nil, func(b *bench) {
		b.Script(path, faulty.TooMany("3600"))
		_, err := b.get()
		if e := b.failed(err, Busy); e.Wait != time.Hour || e.Status != 429 || !strings.Contains(e.Says, "try again after 1 January 01:00:00 UTC") {
			t.Errorf("%+v", e)
		}
		time.Sleep(time.Minute)
		_, err = b.get()
		if e := b.failed(err, Busy); e.Wait != 59*time.Minute || len(b.Requests()) != 1 {
			t.Errorf("%d requests, then %+v", len(b.Requests()), e)
		}
		time.Sleep(time.Hour)
		got, err := b.get()
		b.whole(got, err)
	})
}
