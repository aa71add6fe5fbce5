package control

import (
	"context"
	"fmt"
	"strings"
	"sync"
)

// thing stands for all that goes over.
type thing struct {
	Name   string
	Levels map[uint8][]uint8
}

type fakeAPI struct {
	mu    sync.Mutex
	calls []string
	err   error
	hold  chan struct{} // a call waits for it, if it is not nil
}

func (f *fakeAPI) note(ctx context.Context, args ...any) error {
	f.mu.Lock()
	f.calls = append(f.calls, strings.TrimSpace(fmt.Sprintln(args...)))
	f.mu.Unlock()
	if f.hold != nil {
		select {
		case <-f.hold:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return f.err
}

func some(words ...string) []thing {
	var out []thing
	for _, w := range words {
		out = append(out, thing{Name: w, Levels: map[uint8][]uint8{1: {2, 3}}})
	}
	return out
}

func (f *fakeAPI) Children(ctx context.Context, parent string) ([]thing, error) {
	return some("a", "b"), f.note(ctx, "children", parent)
}

func (f *fakeAPI) PathOf(ctx context.Context, id string) ([]thing, error) {
	return some(id), f.note(ctx, "path", id)
}

func (f *fakeAPI) Find(ctx context.Context, ref string) (thing, error) {
	return some(ref)[0], f.note(ctx, "find", ref)
}

func (f *fakeAPI) Sessions(ctx context.Context) ([]thing, error) {
	return some("s"), f.note(ctx, "sessions")
}

func (f *fakeAPI) Session(ctx context.Context, ref string) (thing, error) {
	return some(ref)[0], f.note(ctx, "session", ref)
}

func (f *fakeAPI) Tasks(ctx context.Context, session, parent, after string, limit int) ([]thing, error) {
	return some("t"), f.note(ctx, "tasks", session, parent, after, limit)
}

func (f *fakeAPI) Runs(ctx context.Context, node string) ([]thing, error) {
	return some("r"), f.note(ctx, "runs", node)
}

func (f *fakeAPI) Pause(ctx context.Context, s string) error     { return f.note(ctx, "pause", s) }
func (f *fakeAPI) Resume(ctx context.Context, s string) error    { return f.note(ctx, "resume", s) }
func (f *fakeAPI) Cancel(ctx context.Context, s, t string) error { return f.note(ctx, "cancel", s, t) }

func (f *fakeAPI) Retry(ctx context.Context, s, t string) error { return f.note(ctx, "retry", s, t) }

type fakeClient = Client[thing, thing, thing, thing]

// A client is what the other end is.
var _ API[thing, thing, thing, thing] = (*fakeClient)(nil)

func (f *fakeAPI) count() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.calls)
}
