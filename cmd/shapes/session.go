package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/session"
)

func newSession(v env) *cobra.Command {
	return group(v.s, "session", "See and steer runs",
		`session shows runs and steers them. A session is one run of one shape; ID is its
id, a beginning of it that no other has, or the node. While another program has
the data directory (the window, or shapes run), it is asked and told.`,
		newSessionLs(v), newSessionShow(v), newSessionPause(v), newSessionCancel(v), newSessionDiscard(v),
		newSessionResume(v), newSessionRetry(v),
		newSessionFeatures(v), newSessionBuffers(v), newSessionTile(v))
}

// steer makes a command that tells a session something, whoever runs it.
func (v env) steer(use, short, long, done string, tell func(ctx context.Context, a asked, s engine.Session) error) *cobra.Command {
	return &cobra.Command{
		Use: use, Short: short, Long: long, Args: exactly("ID"),
		RunE: func(c *cobra.Command, args []string) error {
			return v.withAny(c, func(ctx context.Context, a asked, owner string) error {
				s, err := v.session(ctx, a, args[0])
				if err != nil {
					return err
				}
				if err := tell(ctx, a, s); err != nil {
					return err
				}
				fmt.Fprintf(v.s.out, "%s the run of “%s”  %s\n", done, oneRow(s.NodeName), s.ID)
				return nil
			})
		},
	}
}

// session returns the session that ref names, or says what there is instead.
func (v env) session(ctx context.Context, a asked, ref string) (engine.Session, error) {
	s, err := a.Session(ctx, ref)
	if errors.Is(err, engine.ErrNoSession) {
		err = fmt.Errorf("%w; sessions that ended well are runs of their node: %s", err, v.command("session ls --runs"))
	}
	return s, err
}

func newSessionPause(v env) *cobra.Command {
	return v.steer("pause ID", "Pause a run", "pause stops a run within half a second. What is done is kept; resume goes on.", "paused",
		func(ctx context.Context, a asked, s engine.Session) error { return a.Pause(ctx, s.ID) })
}

func newSessionCancel(v env) *cobra.Command {
	task := ""
	c := v.steer("cancel ID", "Cancel a run, or a part of it",
		"cancel ends a run: its tiles are not made, and those that were there stay. With --task\nit cancels that task and all below it, and the run goes on without.", "cancelled",
		func(ctx context.Context, a asked, s engine.Session) error { return a.Cancel(ctx, s.ID, task) })
	c.Flags().StringVar(&task, "task", "", "`TASK` to cancel (session show --tasks lists them)")
	return c
}

func newSessionDiscard(v env) *cobra.Command {
	return v.steer("discard ID", "Give a paused run up",
		"discard cancels a run that is paused. What it has kept is freed by sweep, or when the\nshape is run the next time; the tiles that were there stay.", "discarded",
		func(ctx context.Context, a asked, s engine.Session) error {
			if s.Status != session.Paused {
				return fmt.Errorf("session %s is %s; only a paused one is discarded (cancel ends one that runs); nothing was changed", s.ID, s.Status)
			}
			return a.Cancel(ctx, s.ID, "")
		})
}

func newSessionResume(v env) *cobra.Command {
	return v.goOn("resume ID", "Go on with a paused run",
		`resume goes on with a run that is paused, or that was interrupted by a crash, until
it ends, as shapes run does. If another program has the data directory, that one
goes on with it, and the command is done at once.`,
		func(ctx context.Context, a asked, s engine.Session, _ string) error { return a.Resume(ctx, s.ID) })
}

func newSessionRetry(v env) *cobra.Command {
	return v.goOn("retry ID", "Try again what failed in a run",
		`retry gives another chance to the tasks of a run that have failed, were cancelled or
left out, and goes on until it ends, as shapes run does. If another program has
the data directory, that one does it, and the command is done at once.`,
		func(ctx context.Context, a asked, s engine.Session, task string) error {
			return a.Retry(ctx, s.ID, task)
		})
}

// goOn makes a command after which a session runs: here until its end, or in
// the program that has the data directory.
func (v env) goOn(use, short, long string, tell func(ctx context.Context, a asked, s engine.Session, task string) error) *cobra.Command {
	var quiet bool
	var task string
	c := &cobra.Command{
		Use: use, Short: short, Long: long, Args: exactly("ID"),
		RunE: func(c *cobra.Command, args []string) error {
			return v.withAny(c, func(ctx context.Context, a asked, owner string) error {
				s, err := v.session(ctx, a, args[0])
				if err != nil {
					return err
				}
				if err := tell(ctx, a, s, task); err != nil {
					return err
				}
				if r, ok := a.(runner); ok {
					return v.follow(ctx, r, s, quiet)
				}
				fmt.Fprintf(v.s.out, "%s goes on with the run of “%s”  %s\n", owner, oneRow(s.NodeName), s.ID)
				return nil
			})
		},
	}
	if c.Name() == "retry" {
		c.Flags().StringVar(&task, "task", "", "`TASK` to try again, with all below it (session show --tasks lists them)")
	}
	c.Flags().BoolVar(&quiet, "quiet", false, "no progress and no summary")
	return c
}
