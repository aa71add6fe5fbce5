package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
)

// progressBonus bounds how often progress earns further tries: a server that
// breaks off after every byte must not be asked for ever.
const progressBonus = 10

// errAnew: what came does not continue the part; the next try begins anew.
var errAnew = errors.New("the server does not continue the file")

// download is one call of Fetch.
type download struct {
	c     *Client
	g     Get
	url   *url.URL // to be asked
	gate  *gate
	max   int64
	part  *part
	state State // of the bytes in part
	got   Got
	// noRange: the server has shown that it cannot continue a file.
	noRange bool
}

func (c *Client) begin(ctx context.Context, g Get) (*download, error) {
	u, _, err := c.places.find(g.URL)
	if err != nil {
		return nil, addressed(err, g.URL)
	}
	// The rule is that of the host as the source has it: a mirror stands for it.
	source, err := url.Parse(g.URL)
	if err != nil {
		return nil, addressed(forbidden("the address cannot be read"), g.URL)
	}
	d := &download{c: c, g: g, url: u, gate: c.gates.of(source.Hostname()), max: g.Max}
	orElse(&d.max, c.o.MaxBytes)
	if err := d.openPart(ctx); err != nil {
		return nil, addressed(err, g.URL)
	}
	return d, nil
}

// openPart opens the file, and keeps what can be continued.
func (d *download) openPart(ctx context.Context) error {
	f, err := d.c.open(d.g.Part)
	if err != nil {
		return diskError(err)
	}
	keep := int64(0)
	if d.g.Form == "" && d.g.Resume.continuable() {
		d.state, keep = d.g.Resume, d.max
		if d.state.Size > 0 {
			keep = min(keep, d.state.Size-1) // the last byte is asked for again: it proves the rest
		}
	}
	if d.part, err = openPart(ctx, f, keep); err != nil {
		_ = f.Close()
		if ctx.Err() != nil {
			return stopped(ctx)
		}
		return diskError(err)
	}
	if d.part.size == 0 {
		d.state = State{}
	}
	return nil
}

// continuable reports whether the state tells a version for certain.
func (s State) continuable() bool { return s.validator() != "" }

// validator is what If-Range holds: a strong tag or else a date.
func (s State) validator() string {
	if s.strong() {
		return s.ETag
	}
	return s.Modified
}

func (s State) strong() bool { return strings.HasPrefix(s.ETag, `"`) }

// run tries until the file is there or there is no hope.
func (d *download) run(ctx context.Context) error {
	most, fails := d.part.size, 0
	for tries := 1; ; tries++ {
		err := d.try(ctx)
		var e *Error
		switch {
		case err == nil:
			return nil
		case errors.Is(err, errAnew):
			d.c.o.Log.Debug("a download begins anew", "url", redact(d.g.URL))
			d.noRange = true
			if err := d.clear(); err != nil {
				return err
			}
			continue // at once: nothing is wrong with the server
		case !errors.As(err, &e):
			return err
		}
		if d.part.size > most {
			most, fails = d.part.size, 0
		}
		fails++
		e.Tries = tries
		if !d.hope(e) || fails >= d.tries() || tries >= d.tries()*progressBonus {
			return e
		}
		pause := d.c.o.backoff(d.g.Pause, fails)
		d.c.o.Log.Info("a download failed and is tried again", "url", redact(d.g.URL), "kind", string(e.Kind),
			"status", e.Status, "bytes", d.part.size, "pause", pause, "wait", e.Wait)
		if err := d.c.o.Sleep(ctx, pause); err != nil {
			if ctx.Err() != nil {
				return stopped(ctx)
			}
			return err
		}
	}
}

// tries is how often in a row it may fail.
func (d *download) tries() int {
	if d.g.Tries > 0 {
		return d.g.Tries
	}
	return d.c.o.Tries
}

// idle is how long nothing may come.
func (d *download) idle() time.Duration {
	if d.g.Idle > 0 {
		return max(d.g.Idle, d.gate.least)
	}
	return d.gate.rule.Idle
}

// hope reports whether another try may help, now. What a server asks for is
// waited for at the gate, with all others who want something of it.
func (d *download) hope(e *Error) bool {
	if e.Wait > 0 && e.Status != 0 {
		d.gate.hold(e.Wait)
	}
	return e.Again() && e.Wait <= d.gate.patience
}

func (d *download) try(ctx context.Context) error {
	if err := d.gate.enter(ctx); err != nil {
		if ctx.Err() != nil {
			return stopped(ctx)
		}
		return err
	}
	defer d.gate.leave()
	asking, w := newWatch(ctx, d.idle())
	defer w.stop()
	err := d.exchange(asking, w)
	if ctx.Err() != nil && err != nil {
		return stopped(ctx)
	}
	return err
}

func (d *download) clear() error {
	d.state = State{}
	if err := d.part.clear(); err != nil {
		return diskError(err)
	}
	return nil
}

// end closes the part and says what came.
func (d *download) end(err error) (Got, error) {
	kind := KindOf(err)
	if kind == TooLarge || kind == Bad {
		_ = d.clear() // what is known to be wrong is not continued
	}
	if failed := d.part.f.Close(); failed != nil && err == nil {
		err = diskError(failed)
	}
	d.got.State, d.got.Bytes = d.state, d.part.size
	if err != nil {
		return d.got, d.kept(addressed(err, d.g.URL))
	}
	if !d.got.NotModified {
		d.got.SHA256, d.got.Size = d.part.hex(), d.part.size
	}
	return d.got, nil
}

// kept adds to an error what is not lost.
func (d *download) kept(err error) error {
	var e *Error
	if errors.As(err, &e) && e.Kind != Missing && e.Kind != Refused && d.part.size > 0 && d.state.continuable() {
		e.Says += fmt.Sprintf("; %s are kept, and the next try goes on from there", humanize.Bytes(uint64(d.part.size)))
	}
	return err
}
