package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/shapes-desktop/shapes/core/control"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/session"
)

func newRun(v env) *cobra.Command {
	var fresh, quiet bool
	c := &cobra.Command{
		Use:   "run REF",
		Short: "Make the tiles of a shape, in a session that can be paused",
		Long: `run carries out the recipe of the shape REF, and puts its tiles in place when they
are all made: until then the old ones stay. Ctrl-C pauses the run, as does
shapes session pause from elsewhere; shapes session resume goes on with it, also
after a crash or a power cut, and makes the same tiles as an undisturbed run.

Exit code 0: all tiles are made; 1: paused, failed, or some tasks failed.`,
		Args: exactly("REF"),
		RunE: func(c *cobra.Command, args []string) error {
			return v.withEngine(c, mustExist, func(ctx context.Context, e *engine.Engine) error {
				n, err := e.Find(ctx, args[0])
				if err != nil {
					return found(err)
				}
				if err := v.makeWay(ctx, e, n, fresh); err != nil {
					return err
				}
				s, err := e.Start(ctx, n.ID)
				if err != nil {
					return err
				}
				return v.follow(ctx, e, s, quiet)
			})
		},
	}
	c.Flags().BoolVar(&fresh, "fresh", false, "discard a paused session of the shape and begin anew")
	c.Flags().BoolVar(&quiet, "quiet", false, "no progress and no summary")
	return c
}

// makeWay deals with the paused session that a node may have.
func (v env) makeWay(ctx context.Context, e *engine.Engine, n engine.Node, fresh bool) error {
	s, err := e.Session(ctx, n.ID)
	switch {
	case errors.Is(err, engine.ErrNoSession) || err == nil && s.Status != session.Paused:
		return nil
	case err != nil:
		return err
	case fresh:
		return e.Cancel(ctx, s.ID, "")
	}
	return fmt.Errorf("“%s” has a session that is paused at %.0f %%; go on with it: %s; or begin anew: %s",
		n.Name, s.Progress.Overall, v.command("session resume", s.ID), v.command("run", n.ID, "--fresh"))
}

// runner is what following a session needs of the engine.
type runner interface {
	asked
	Watch(fn func(engine.Session)) (stop func())
	Wait(ctx context.Context, session string) (engine.Session, error)
}

// follow shows a session that this process carries out until it does not run
// any more. When ctx ends, it is paused. Other processes can ask and tell
// meanwhile.
func (v env) follow(ctx context.Context, e runner, s engine.Session, quiet bool) error {
	defer control.Serve(context.WithoutCancel(ctx), control.Path(v.g.dataDir), e, v.g.log)()
	show := newProgress(v.s, quiet)
	steps := make(chan engine.Session, 1)
	stop := e.Watch(func(now engine.Session) {
		if now.ID == s.ID {
			select {
			case steps <- now:
			default: // the one before is still being shown
			}
		}
	})
	last, err := v.await(ctx, e, s, steps, show)
	stop()
	show.close(err == nil && last.Status == session.Completed)
	if err != nil {
		return err
	}
	return v.outcome(ctx, e, last, quiet)
}

// await shows steps until the session stands still.
func (v env) await(ctx context.Context, e runner, s engine.Session, steps <-chan engine.Session, show progress) (engine.Session, error) {
	type end struct {
		s   engine.Session
		err error
	}
	ended := make(chan end, 1)
	whole := context.WithoutCancel(ctx)
	go func() {
		s, err := e.Wait(whole, s.ID)
		ended <- end{s, err}
	}()
	interrupted := ctx.Done()
	for {
		select {
		case now := <-steps:
			show.update(progressOf(now))
		case <-interrupted:
			interrupted = nil
			// One that has just ended cannot be paused: what Wait says counts.
			if err := e.Pause(whole, s.ID); err != nil && !errors.Is(err, engine.ErrState) && !errors.Is(err, engine.ErrNoSession) {
				return s, fmt.Errorf("pause: %w", err)
			}
		case last := <-ended:
			return settled(whole, e, s, last.s, last.err)
		}
	}
}
