package gui

import (
	"context"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/model/tree"
)

// Run starts a session of the chosen shape.
func (c *commands) Run() {
	n, known := c.tree.Current()
	switch {
	case !known || n.Type != tree.Shape:
		c.say("Choose a shape to run")
	case n.New:
		c.say("“" + n.Name + "” is a draft: finish it first, then it can run")
	default:
		act(c, "“"+n.Name+"” was not started", func(ctx context.Context) (engine.Session, error) {
			return c.engine.Start(ctx, n.ID)
		}, func(s engine.Session) {
			c.say("Started “" + n.Name + "”")
			c.started(s)
		})
	}
}

// Runs shows what the last runs of the chosen shape came to.
func (c *commands) Runs() {
	n, known := c.tree.Current()
	if !known || n.Type != tree.Shape || n.New {
		c.say("Choose a shape to see its earlier runs")
		return
	}
	c.openRuns(n)
}

// stop cancels the session of a node.
func (c *commands) stop(node, name string) {
	c.do("The session of “"+name+"” was not stopped", func(ctx context.Context) error {
		all, err := c.engine.Sessions(ctx)
		if err != nil {
			return err
		}
		for _, s := range all {
			if s.Node == node && active(s.Status) {
				return c.engine.Cancel(ctx, s.ID, "")
			}
		}
		return nil // it has ended by itself
	}, func() { c.say("Stopped the session of “" + name + "”") })
}

// active tells the states of a session that has not ended.
func active(s session.Status) bool {
	return s == session.Pending || s == session.Queued || s == session.Running || s == session.Paused
}
