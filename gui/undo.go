package gui

import (
	"context"
	"errors"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/tree"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// Undo takes the last command back.
func (c *commands) Undo() { c.step("Nothing was undone", "Undone: ", c.engine.Undo) }

// Redo does the last undone command again.
func (c *commands) Redo() { c.step("Nothing was redone", "Redone: ", c.engine.Redo) }

func (c *commands) step(refused, done string, run func(context.Context) (string, error)) {
	act(c, refused, func(ctx context.Context) (string, error) {
		what, err := run(ctx)
		if errors.Is(err, tree.ErrNothing) {
			return "", nil // the menu was a moment behind
		}
		return what, err
	}, func(what string) {
		if what == "" {
			c.say(refused)
			return
		}
		c.say(done + what)
	})
}

// loadUndo asks what undo and redo would do now.
func (c *commands) loadUndo() {
	kit.Load(c.ctx, c.tasks, c.engine.UndoState, func(now engine.UndoState, err error) {
		if err != nil {
			now = engine.UndoState{}
		}
		if now != c.undo {
			c.undo = now
			c.undoShown()
		}
	}, nil)
}

// undoLabel is the menu's word for undo, or redo: "Undo rename “Italy”".
func undoLabel(word, what string) string {
	if what == "" {
		return word
	}
	const longest = 60 // runes; a menu is no place for a whole name
	if r := []rune(what); len(r) > longest {
		what = string(r[:longest]) + "…"
	}
	return word + " " + what
}
