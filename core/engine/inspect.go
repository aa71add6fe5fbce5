package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/store/entity"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// Inspection looks at what a session has kept: the outputs of its stages. It
// holds nothing open and needs no closing. It is safe for concurrent use.
type Inspection struct {
	e       *Engine
	id      string // of the session
	scratch scratch

	mu     sync.Mutex
	places *session.Places // read when first asked
}

// Inspect returns the inspection of a session that runs, is paused or has
// failed, or of a run whose intermediates were kept (keepIntermediates). ref
// names it as Session says; of the runs of a node it is the latest with
// something kept. ErrNoSession if nothing is there to be looked at.
func (e *Engine) Inspect(ctx context.Context, ref string) (*Inspection, error) {
	s, err := e.Session(ctx, ref)
	if err == nil {
		return e.inspection(s.ID)
	}
	if !errors.Is(err, ErrNoSession) {
		return nil, err
	}
	kept, keptErr := e.keptRuns(ctx, ref)
	switch {
	case keptErr != nil:
		return nil, keptErr
	case len(kept) == 0:
		return nil, fmt.Errorf("%w; a run that has completed keeps its intermediates only with the setting keepIntermediates", err)
	}
	return kept[0], nil
}

func (e *Engine) inspection(id string) (*Inspection, error) {
	s, err := e.openScratch(id)
	if err != nil {
		return nil, err
	}
	return &Inspection{e: e, id: id, scratch: s}, nil
}

// leastRef is how much of an id names a session.
const leastRef = 4

// keptRuns returns the runs that ref names and that have kept something: of a
// node the latest first, else the one whose id begins so.
func (e *Engine) keptRuns(ctx context.Context, ref string) ([]*Inspection, error) {
	node := ""
	if n, err := e.Find(ctx, ref); err == nil {
		node = n.ID
	}
	ids, err := e.runsNamed(node, ref)
	if err != nil {
		return nil, err
	}
	var kept []*Inspection
	for _, id := range ids {
		in, err := e.inspection(id)
		if errors.Is(err, entity.ErrNoSession) { // its outputs are gone
			continue
		}
		if err != nil {
			return nil, err
		}
		kept = append(kept, in)
	}
	if node == "" && len(kept) > 1 {
		return nil, fmt.Errorf("session “%s”: the ids of %d runs begin so; give more of it (%w)", ref, len(kept), ErrNoSession)
	}
	return kept, nil
}

// runsNamed returns the sessions of a node's runs, the latest first, or without
// a node those whose id begins with ref.
func (e *Engine) runsNamed(node, ref string) (ids []string, err error) {
	err = e.coreView(func(tx *kv.Tx) error {
		if node != "" {
			runs, err := shape.ListSummaries(tx, node)
			for _, r := range runs {
				ids = append(ids, r.Session)
			}
			return err
		}
		if len(ref) < leastRef {
			return nil
		}
		for r, err := range shape.Summaries().All(tx, nil) {
			if err != nil {
				return err
			}
			if strings.HasPrefix(r.Session, ref) && !slices.Contains(ids, r.Session) {
				ids = append(ids, r.Session)
			}
		}
		return nil
	})
	return ids, err
}

// Session returns the id of the session that is looked at.
func (in *Inspection) Session() string { return in.id }

// runs reports whether tasks of the session may be writing now.
func (in *Inspection) runs() bool { return in.e.runs.get(in.id) != nil }

// view looks at one kind of what was kept.
func (in *Inspection) view(kind entity.Registered, fn func(tx *kv.Tx) error) error {
	err := in.scratch.s.View(kind, fn)
	if errors.Is(err, entity.ErrNoSession) { // it was deleted meanwhile
		return fmt.Errorf("session %s has ended and is gone (%w)", in.id, ErrNoSession)
	}
	return err
}

// Buffer is what a task has made, without the data.
type Buffer struct {
	session.Buffer // Data is nil
	// Made is how many of a raw buffer's features simplify1 is done with.
	Made int
	// Expired: nobody has used it for the time that buffers are kept. They go
	// all at once, when none is used any more.
	Expired bool
}

// Buffers returns what a task of a session has made, by id; with task "" what
// all tasks have made, the oldest first.
func (e *Engine) Buffers(ctx context.Context, ref, task string) ([]Buffer, error) {
	in, err := e.Inspect(ctx, ref)
	if err != nil {
		return nil, err
	}
	return in.Buffers(ctx, task)
}

// Buffers is Engine.Buffers.
func (in *Inspection) Buffers(ctx context.Context, task string) ([]Buffer, error) {
	var out []Buffer
	now := in.e.now()
	err := in.view(in.e.kinds.buffers, func(tx *kv.Tx) error {
		found := session.BuffersOf(tx, task)
		if task == "" {
			found = session.BuffersCreated(tx, time.Time{}, time.Time{})
		}
		for b, err := range found {
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				return err
			}
			b.Data = nil
			out = append(out, Buffer{Buffer: b, Expired: !b.Expires.IsZero() && !b.Expires.After(now)})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, in.countMade(out)
}

// countMade says how far simplify1 is with each raw buffer.
func (in *Inspection) countMade(all []Buffer) error {
	return in.view(in.e.kinds.features, func(tx *kv.Tx) (err error) {
		for i := range all {
			if all[i].Type != session.Raw {
				continue
			}
			if all[i].Made, err = session.CountFeaturesFrom(tx, all[i].ID); err != nil {
				return err
			}
		}
		return nil
	})
}
