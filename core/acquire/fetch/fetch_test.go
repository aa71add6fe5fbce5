package fetch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/shapes-desktop/shapes/core/acquire/fetch/faulty"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const agent = "shapes-test/1 (+https://example.org; boundaries@example.org)"

// clock is time that passes when somebody waits.
type clock struct {
	mu     sync.Mutex
	now    time.Time
	pauses []time.Duration
}

func newClock() *clock { return &clock{now: time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	c.pauses = append(c.pauses, d)
	return ctx.Err()
}

// waited is how much time has passed in all.
func (c *clock) waited() time.Duration {
	return c.Now().Sub(newClock().now)
}

// bench is a server, a client and a file to be had.
type bench struct {
	*faulty.Server
	t      *testing.T
	client *Client
	clock  *clock
	data   []byte
	part   string
}

const path = "/gadm/gadm4.1/json/gadm41_LIE_1.json.zip"

func newBench(t *testing.T, change func(*faulty.Server, *Options)) *bench {
	t.Helper()
	b := &bench{Server: faulty.New(t), t: t, clock: newClock(), data: noise(300_000)}
	b.Put(path, b.data)
	o := Options{UserAgent: agent, Now: b.clock.Now, Sleep: b.clock.Sleep, Random: func() float64 { return 0.5 }}
	if change != nil {
		change(b.Server, &o)
	}
	b.client = newClient(t, o)
	b.part = filepath.Join(t.TempDir(), "x.part")
	return b
}

func newClient(t *testing.T, o Options) *Client {
	t.Helper()
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// noise is data that do not compress, always the same.
func noise(n int) []byte {
	out := make([]byte, n)
	r := rand.NewChaCha8([32]byte{1})
	_, _ = r.Read(out)
	return out
}

func sum(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

func (b *bench) get() (Got, error) {
	b.t.Helper()
	return b.client.Fetch(b.t.Context(), Get{URL: b.URL() + path, Part: b.part})
}

// whole fails the test unless the file came as it should be.
func (b *bench) whole(got Got, err error) {
	b.t.Helper()
	b.holds(got, err, b.data)
}

func (b *bench) holds(got Got, err error, want []byte) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
	have, err := os.ReadFile(b.part)
	if err != nil {
		b.t.Fatal(err)
	}
	if sum(have) != sum(want) {
		b.t.Fatalf("the part holds %d bytes that are not the %d of the server", len(have), len(want))
	}
	if got.SHA256 != sum(want) || got.Bytes != int64(len(want)) || got.Size != int64(len(want)) {
		b.t.Fatalf("got %+v of %d bytes with hash %s", got, len(want), sum(want))
	}
}

// failed fails the test unless err is of the kind.
func (b *bench) failed(err error, kind Kind) *Error {
	b.t.Helper()
	var e *Error
	if !errors.As(err, &e) || e.Kind != kind {
		b.t.Fatalf("got error %v, want kind %s", err, kind)
	}
	return e
}

// met returns the names of the faults that the requests met.
func (b *bench) met() []string {
	var out []string
	for _, r := range b.Requests() {
		out = append(out, r.Fault)
	}
	return out
}
