package fetch

import (
	"context"
	"strings"
	"sync"
	"time"
)

// maxHold bounds what a server's word can keep a host closed for: it may be
// mistaken.
const maxHold = time.Hour

// gates keeps hosts from being asked too much at once.
type gates struct {
	o      Options
	mu     sync.Mutex
	byHost map[string]*gate
}

func newGates(o Options) *gates { return &gates{o: o, byHost: map[string]*gate{}} }

// of returns the gate of a host.
func (g *gates) of(host string) *gate {
	host = strings.ToLower(host)
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.byHost[host] == nil {
		rule, own := g.o.Rules[host]
		if !own {
			rule = g.o.Default
		}
		orElse(&rule.AtOnce, g.o.Default.AtOnce)
		least := rule.Idle
		orElse(&rule.Idle, g.o.Idle)
		g.byHost[host] = &gate{
			rule: rule, least: least, now: g.o.Now, sleep: g.o.Sleep,
			patience: max(g.o.MaxPause, rule.After429),
			places:   make(chan struct{}, rule.AtOnce),
		}
	}
	return g.byHost[host]
}

// gate is what requests to one host go through.
type gate struct {
	rule     Rule
	least    time.Duration // idle time that the host needs, whoever asks; 0: none
	now      func() time.Time
	sleep    func(context.Context, time.Duration) error
	patience time.Duration
	places   chan struct{} // as many as may be inside

	mu   sync.Mutex
	next time.Time // before which no other may begin
	held time.Time // until when the server wants to be left alone
}

// enter waits for the host's turn; leave must follow. Its error is that of ctx,
// or Busy if the server wants to be left alone for longer than anyone waits.
func (g *gate) enter(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case g.places <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := g.await(ctx); err != nil {
		g.leave()
		return err
	}
	return nil
}

func (g *gate) leave() { <-g.places }

// await lets the time pass until a request may begin. Another's answer may put
// that off while it waits.
func (g *gate) await(ctx context.Context) error {
	at := g.reserve()
	for {
		held := g.until()
		now := g.now()
		if wait := held.Sub(now); wait > g.patience {
			return busy(wait, held)
		}
		if held.After(at) {
			at = held
		}
		if wait := at.Sub(now); wait > 0 {
			if err := g.sleep(ctx, wait); err != nil {
				return err
			}
		}
		if !g.until().After(at) {
			return ctx.Err()
		}
	}
}

// reserve takes the next time to begin.
func (g *gate) reserve() time.Time {
	g.mu.Lock()
	defer g.mu.Unlock()
	at := g.now()
	if g.next.After(at) {
		at = g.next
	}
	g.next = at.Add(g.rule.Every)
	return at
}

func (g *gate) until() time.Time {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.held
}

// hold closes the gate for a while.
func (g *gate) hold(d time.Duration) {
	until := g.now().Add(min(d, maxHold))
	g.mu.Lock()
	defer g.mu.Unlock()
	if until.After(g.held) {
		g.held = until
	}
}
