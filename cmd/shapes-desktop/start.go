package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/shapes-desktop/shapes/core/control"
	"github.com/shapes-desktop/shapes/core/engine"
)

// start is the engine as the program's start finds it: open, or not for a
// reason.
type start struct {
	house   *house
	network engine.Network

	mu   sync.Mutex
	eng  *engine.Engine
	stop func() // of the control channel
}

// open opens the data directory. The window may ask for it off its goroutine,
// while the process may be told to end.
func (s *start) open(ctx context.Context) error {
	eng, err := engine.Open(ctx, s.house.dir, s.house.log)
	if err != nil {
		s.house.log.Error("open", "error", err)
		return err
	}
	eng.UseNetwork(s.network)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.eng = eng
	// Other processes may ask how its sessions are.
	s.stop = control.Serve(context.WithoutCancel(ctx), control.Path(s.house.dir), eng, s.house.log)
	return nil
}

// engine returns the engine, nil if it is not open.
func (s *start) engine() *engine.Engine {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.eng
}

// rescue makes way for another open.
func (s *start) rescue(ctx context.Context, way engine.Way) ([]string, error) {
	kept, err := engine.Rescue(ctx, s.house.dir, way)
	s.house.log.Warn("rescue", "way", string(way), "kept", kept, "error", err)
	return kept, err
}

// close pauses what runs and lets the data directory go.
func (s *start) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.eng == nil {
		return
	}
	s.stop()
	if err := s.eng.Close(); err != nil {
		s.house.log.Error("close", "error", err)
	}
	s.eng = nil
}

// sayWhy tells a terminal in one line why the data directory was not opened.
// The window says the same, with the ways on, for those who have none.
func sayWhy(stderr io.Writer, err error) {
	var u *engine.Unusable
	if errors.As(err, &u) {
		err = fmt.Errorf("%w; nothing was changed; the window offers what can be done", err)
	}
	fmt.Fprintf(stderr, "shapes-desktop: %v\n", err)
}
